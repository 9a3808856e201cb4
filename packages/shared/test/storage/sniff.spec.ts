import { describe, expect, it } from '@jest/globals'
import { sniffMime } from '../../src/storage/sniff.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const text = (value: string): Buffer => Buffer.from(value, 'latin1')
const box = (brand: string): Buffer => Buffer.concat([bytes('00000018'), text(`ftyp${brand}`), Buffer.alloc(8)])
/** Local file headers as zip writers make them: 30 bytes, then the name, then the content. */
function zip(...entries: [name: string, content: string][]): Buffer {
  return Buffer.concat(
    entries.flatMap(([name, content]) => {
      const header = bytes('504b0304 1400 0000 0000 0000 0000 00000000 00000000 00000000 0000 0000')
      header.writeUInt16LE(name.length, 26)
      return [header, text(name), text(content)]
    }),
  )
}
function portableExecutable(): Buffer {
  const image = Buffer.alloc(256)
  image.write('MZ')
  image.writeUInt32LE(128, 60)
  image.write('PE\0\0', 128, 'latin1')
  return image
}

describe('sniffMime', () => {
  it.each<[string, Buffer, string]>([
    ['PNG', bytes('89504e470d0a1a0a 0000000d49484452'), 'image/png'],
    ['JPEG', bytes('ffd8ffe000104a464946'), 'image/jpeg'],
    ['GIF', text('GIF89a\x01\0\x01\0'), 'image/gif'],
    ['WebP', text('RIFF\x24\0\0\0WEBPVP8 '), 'image/webp'],
    ['BMP', bytes('424d 46000000 00000000 36000000 28000000'), 'image/bmp'],
    ['TIFF', bytes('49492a0008000000'), 'image/tiff'],
    ['HEIC', box('heic'), 'image/heic'],
    ['HEIF', box('mif1'), 'image/heif'],
    ['AVIF', box('avif'), 'image/avif'],
    ['MP4', box('isom'), 'video/mp4'],
    ['MOV', box('qt  '), 'video/quicktime'],
    ['3GP', box('3gp4'), 'video/3gpp'],
    ['M4A', box('M4A '), 'audio/mp4'],
    ['WebM', bytes('1a45dfa3 01000000 0000001f 4286810142f7810142f2810442f381084282847765626d'), 'video/webm'],
    ['Matroska', bytes('1a45dfa3 01000000 00000023 4282 88 6d6174726f736b61'), 'video/x-matroska'],
    ['AVI', text('RIFF\x24\0\0\0AVI LIST'), 'video/x-msvideo'],
    ['WAV', text('RIFF\x24\0\0\0WAVEfmt '), 'audio/wav'],
    ['MP3 with a tag', text('ID3\x04\0\0\0\0\0\0'), 'audio/mpeg'],
    ['MP3 without', bytes('fffb9064 00000000'), 'audio/mpeg'],
    ['AAC', bytes('fff15080 02bffc'), 'audio/aac'],
    ['Opus', Buffer.concat([text('OggS'), Buffer.alloc(24), text('OpusHead')]), 'audio/ogg'],
    ['Theora', Buffer.concat([text('OggS'), Buffer.alloc(24), text('\x80theora')]), 'video/ogg'],
    ['FLAC', text('fLaC\0\0\0\x22'), 'audio/flac'],
    ['AMR', text('#!AMR\n'), 'audio/amr'],
    ['PDF', text('%PDF-1.7\n'), 'application/pdf'],
    ['ZIP', zip(['a.txt', 'hello']), 'application/zip'],
    [
      'DOCX',
      zip(['[Content_Types].xml', '<Types/>'], ['word/document.xml', '<w/>']),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['XLSX', zip(['_rels/.rels', '<R/>'], ['xl/workbook.xml', '<x/>']), 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['PPTX', zip(['[Content_Types].xml', ''], ['ppt/presentation.xml', '']), 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
    ['ODT', zip(['mimetype', 'application/vnd.oasis.opendocument.text']), 'application/vnd.oasis.opendocument.text'],
    ['OLE', bytes('d0cf11e0a1b11ae1'), 'application/x-ole-storage'],
    ['RTF', text('{\\rtf1\\ansi'), 'application/rtf'],
    ['GZIP', bytes('1f8b0800'), 'application/gzip'],
    ['vCard', text('BEGIN:VCARD\r\nVERSION:3.0'), 'text/vcard'],
    ['HTML', text('\r\n <!DOCTYPE html><title>x'), 'text/html'],
    ['HTML behind a byte order mark', Buffer.from('\ufeff<script>alert(1)</script>'), 'text/html'],
    ['HTML that begins with a comment', text('<!-- x --><script>'), 'text/html'],
    ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg" onload="x()">'), 'image/svg+xml'],
    ['SVG behind a declaration', text('<?xml version="1.0"?>\n<!-- x -->\n<svg>'), 'image/svg+xml'],
    ['XHTML', text('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">'), 'application/xhtml+xml'],
    ['XML', text('<?xml version="1.0"?><a/>'), 'application/xml'],
    ['a script', text('#!/bin/sh\nrm -rf /'), 'text/x-shellscript'],
    ['a Windows program', portableExecutable(), 'application/vnd.microsoft.portable-executable'],
    ['a Linux program', bytes('7f454c4602010100'), 'application/x-executable'],
  ])('recognises %s', (_what, head, mime) => {
    expect(sniffMime(head)).toBe(mime)
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['plain text', text('hello, <b is not a tag here')],
    ['text that begins like a program', text('MZ is short for Mark Zbikowski, who made the format up at Microsoft in 1981 or so.')],
    ['text that begins like a bitmap', text('BMW has a new model')],
    ['a tag that only begins like a known one', text('<headline>x</headline>')],
    ['a frame with an impossible bit rate', bytes('fffbf064')],
    ['a cut PNG signature', bytes('89504e47')],
    ['JSON', text('{"a":1}')],
  ])('says nothing of %s', (_what, head) => {
    expect(sniffMime(head)).toBeUndefined()
  })
})
