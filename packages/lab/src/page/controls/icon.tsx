/** Drawn on a 24 grid in strokes of one width, so that all sit equally heavy beside text. */
const drawings = {
  send: 'M4 12 20 4l-5 16-3.5-6.5L4 12Zm7.5 1.5L20 4',
  attach: 'm20 11-8.2 8.2a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.4-7.4',
  emoji: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14.5a4.3 4.3 0 0 0 7 0M9 9.5v.5M15 9.5v.5',
  photo: 'M4 5h16v14H4V5Zm0 11 4.5-4.5 4 4 2.5-2.5 5 5M15.5 9h.01',
  video: 'M3 6h12v12H3V6Zm12 4.5 6-3.5v10l-6-3.5',
  voice: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M9 21h6',
  audio: 'M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Zm10-2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z',
  file: 'M6 3h8l5 5v13H6V3Zm8 0v5h5M9.5 13h6M9.5 17h4',
  album: 'M8 4h12v11H8V4Zm-4 4v12h13M8 12.5l3.5-3 3 2.5 2-1.5L20 13',
  sticker: 'M20 13V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h7l7-7Zm0 0h-5a2 2 0 0 0-2 2v5M9 9.5v.5M15 9.5v.5M8.5 13.5a3 3 0 0 0 3 1.7',
  location: 'M12 21s7-6.2 7-11.2A7 7 0 0 0 5 9.8C5 14.8 12 21 12 21Zm0-8.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4Z',
  contact: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5a7.5 7.5 0 0 1 15 0',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  checks: 'm2.5 12.5 4.5 4.5L16 7.5M12 16l1 1 9-9.5',
  circle: 'M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.2 2',
  alert: 'M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5M12 17v.2',
  cross: 'M6 6l12 12M18 6 6 18',
  failed: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 9l6 6M15 9l-6 6',
  ban: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.7 5.7l12.6 12.6',
  right: 'M4 12h15M13 6l6 6-6 6',
  left: 'M20 12H5M11 6l-6 6 6 6',
  down: 'm6 9.5 6 6 6-6',
  open: 'm9.5 6 6 6-6 6',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.7-1.8L20.5 20.5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z',
  system: 'M3 5h18v11H3V5Zm6 15h6M12 16v4',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
  pause: 'M8 5v14M16 5v14',
  stop: 'M6 6h12v12H6V6Z',
  fault: 'M13 2.5 5 13.5h6l-1 8 8-11h-6l1-8Z',
  journey: 'M6 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm12-11a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.5 17.5H15a3 3 0 0 0 3-3V9M15.5 6.5H9a3 3 0 0 0-3 3V15',
  desk: 'M4 14v-2a8 8 0 0 1 16 0v2M4 13.5h3.5v6H6a2 2 0 0 1-2-2v-4Zm16 0h-3.5v6H18a2 2 0 0 0 2-2v-4ZM18 19.5c0 1.4-1.5 2-3.5 2',
  phone: 'M7 2.5h10v19H7v-19Zm3.5 16h3',
  copy: 'M9 9h11v12H9V9Zm-5 6V3h11v2.5',
  reply: 'M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7v1',
  edit: 'M4 20l1-4.5L16 4.5 19.5 8 8.5 19 4 20Zm10-13.5 3.5 3.5',
  external: 'M14 4h6v6M20 4l-9 9M17 14v6H4V7h6',
  list: 'M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01',
  calendar: 'M4 6h16v14H4V6Zm0 5h16M8 3.5V7M16 3.5V7',
  card: 'M4 4h16v16H4V4Zm0 9h16M7.5 16.5h9',
  cards: 'M3 6h9v12H3V6Zm12 0h6M15 18h6M15 6v12M18 12h3',
  quick: 'M3 8.5h8v5H3v-5Zm11 0h7v5h-7v-5ZM6 17h9',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5',
  plus: 'M12 5v14M5 12h14',
  traffic: 'M8 4v14M8 4 4.5 7.5M8 4l3.5 3.5M16 20V6M16 20l-3.5-3.5M16 20l3.5-3.5',
  server: 'M4 4h16v6.5H4V4Zm0 9.5h16V20H4v-6.5ZM8 7.2h.01M8 16.7h.01',
  typing: 'M4 5h16v11h-8l-4.5 4V16H4V5Zm4 5.5h.01M12 10.5h.01M16 10.5h.01',
  end: 'M4 5h16v11h-8l-4.5 4V16H4V5Zm5.5 3 5 5M14.5 8l-5 5',
  refresh: 'M20 11.5A8 8 0 0 0 6 6.5L4 8.5M4 4v4.5h4.5M4 12.5A8 8 0 0 0 18 17.5l2-2M20 20v-4.5h-4.5',
  off: 'M12 3.5v8M7 6.5a7.5 7.5 0 1 0 10 0',
} as const

export type IconName = keyof typeof drawings

/** Always beside a word, or inside something that is labelled: a screen reader skips it. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? 'icon icon-small' : 'icon'} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={drawings[name]} />
    </svg>
  )
}
