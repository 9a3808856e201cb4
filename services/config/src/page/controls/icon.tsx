/** Drawn on a 24 grid in strokes of one width, so that all sit equally heavy beside text. */
const drawings = {
  check: 'm5 12.5 4.5 4.5L19 7.5',
  good: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12.3l2.8 2.8L16 9.5',
  bad: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9 9l6 6M15 9l-6 6',
  warn: 'M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5M12 17v.2',
  idle: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12h8',
  busy: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.2 2',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.5M12 7.5v.2',
  plus: 'M12 5v14M5 12h14',
  cross: 'M6 6l12 12M18 6 6 18',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.7-1.8L20.5 20.5',
  copy: 'M9 9h11v12H9V9Zm-5 6V3h11v2.5',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5',
  edit: 'M4 20l1-4.5L16 4.5 19.5 8 8.5 19 4 20Zm10-13.5 3.5 3.5',
  open: 'm9.5 6 6 6-6 6',
  down: 'm6 9.5 6 6 6-6',
  back: 'M20 12H5M11 6l-6 6 6 6',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  download: 'M12 4v11M7 10.5l5 5 5-5M4 20h16',
  upload: 'M12 16V5M7 9.5l5-5 5 5M4 20h16',
  external: 'M14 4h6v6M20 4l-9 9M17 14v6H4V7h6',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Zm9.5 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  eyeOff:
    'M4 4l16 16M9.9 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.8 3.5M6.3 7.5A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4-.9M10 10a3 3 0 0 0 4.2 4.2',
  key: 'M8 15.5a4 4 0 1 1 3.7-5.5H21v3.5h-2.5V16H15v-2.5h-3.3A4 4 0 0 1 8 15.5ZM8 11.5h.01',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8.5a7.5 7.5 0 0 1 15 0',
  language: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z',
  system: 'M3 5h18v11H3V5Zm6 15h6M12 16v4',
  refresh: 'M20 11.5A8 8 0 0 0 6 6.5L4 8.5M4 4v4.5h4.5M4 12.5A8 8 0 0 0 18 17.5l2-2M20 20v-4.5h-4.5',
  tenants: 'M4 5h10v8H8l-4 3.5V5ZM17 9h3v11l-3.5-3H11v-1.5',
  storage: 'M4 6.5C4 5 7.5 4 12 4s8 1 8 2.5S16.5 9 12 9 4 8 4 6.5Zm0 0v11C4 19 7.5 20 12 20s8-1 8-2.5v-11M4 12c0 1.5 3.5 2.5 8 2.5s8-1 8-2.5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  status: 'M3 12.5h4l2.5-7 4.5 13 2.5-6H21',
  journey: 'M6 20a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm12-11a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.5 17.5H15a3 3 0 0 0 3-3V9M15.5 6.5H9a3 3 0 0 0-3 3V15',
  toAgent: 'M4 12h15M13 6l6 6-6 6',
  toGuest: 'M20 12H5M11 6l-6 6 6 6',
  file: 'M6 3h8l5 5v13H6V3Zm8 0v5h5',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
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
