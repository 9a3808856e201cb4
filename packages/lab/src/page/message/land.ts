/**
 * Where there is land: one row per 3 degrees from 84° north to 57° south, one bit per 3 degrees from 180° west, in hexadecimal.
 * Made from Natural Earth's 1:110m land, which is in the public domain.
 */
const rows = [
  '00000001fd0ff80000000000000000',
  '0000000ffffffc00f0000018000000',
  '00000c27c7fff80000000007c00000',
  '00001ebb807ff800000201fff61000',
  '03c013fdf83ff0000e003fffffff80',
  '7c00000073c07fff80700800000000',
  '33fffffdac1c0401fffffffffffffe',
  '07fffff8300c0003dffffffffffffc',
  '0183fff83e000023cfffffffffe040',
  '0000ffff3f0000219fffffffffc0c0',
  '00007fffbf800077ffffffffffe080',
  '00003fffff40003ffffffffffff000',
  '00001fffff00001fffffffffffc000',
  '00001ffff800007ffc77ffffff9000',
  '00001ffff00000707ffbfffffe0000',
  '00001fffe000007017fbfffff22000',
  '00000fffc000003f00fffffff2c000',
  '000007ff8000007fdbfffffff80000',
  '000003f0800000fffff7fffff80000',
  '000002f0000001fffff9fffff00000',
  '00000060000003ffff7f1fffc00000',
  '00000076080001fffffe0f9e800000',
  '0000001e000003ffffbc0e0f080000',
  '00000003000003fffff00607000000',
  '000000011e0001fffff80601000000',
  '000000003f0000fffff80004040000',
  '000000003fe00043fff0000c300000',
  '000000003fe00001ffe00006e00000',
  '000000007ff80001ffc00006e80000',
  '000000007fff0000ff800002007000',
  '000000007fff0000ff800001003800',
  '000000003fff0000ff800000000000',
  '000000003ffe0000ffc8000001d000',
  '000000001ffe0000ff9800000ff800',
  '0000000007fe0000ff1000000ff800',
  '0000000007fc00007f3000003ffc00',
  '000000000ff000007e0000003ffe00',
  '000000000ff000007e0000003ffe00',
  '000000000fe000003c0000003ffe00',
  '000000000fc0000020000000103c00',
  '000000001f80000000000000001c02',
  '000000001e00000000000000000002',
  '000000001e0000000000000000000c',
  '000000001c00000000000000000008',
  '000000001800000000000000000000',
  '000000001800000000000000000000',
  '000000000400000000000000000000',
]

export const landStep = 3
export const landNorth = 84
export const landSouth = landNorth - rows.length * landStep

/** Centres of the cells with land, as degrees. */
export function landCells(): { latitude: number; longitude: number }[] {
  const cells: { latitude: number; longitude: number }[] = []
  for (const [row, line] of rows.entries()) {
    for (const [digit, letter] of [...line].entries()) {
      const bits = Number.parseInt(letter, 16)
      for (let bit = 0; bit < 4; bit += 1) {
        if ((bits & (8 >> bit)) === 0) continue
        cells.push({ latitude: landNorth - (row + 0.5) * landStep, longitude: -180 + (digit * 4 + bit + 0.5) * landStep })
      }
    }
  }
  return cells
}
