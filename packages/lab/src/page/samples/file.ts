import type { SendableFile } from './sample.ts'

const lines = ['Itinerary', '', 'Tokyo (NRT) 10:25  -  Seoul (ICN) 13:05', 'Seat 24A, one checked bag', '', 'Made by the Lab: a sample, not a ticket.']

/** One page of PDF 1.4, written by hand, with a correct cross-reference table so that strict readers open it. */
export function sampleFile(): SendableFile {
  const text = lines.map((line, index) => `1 0 0 1 72 ${720 - index * 24} Tm (${line.replace(/[\\()]/g, '\\$&')}) Tj`).join('\n')
  const content = `BT\n/F1 16 Tf\n${text}\nET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let pdf = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = pdf.length
    pdf += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map(offset => `${offset.toString().padStart(10, '0')} 00000 n \n`).join('')
  const start = pdf.length
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return { blob: new Blob([pdf], { type: 'application/pdf' }), name: 'itinerary.pdf' }
}
