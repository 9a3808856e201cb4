/** What can slide up over the phone's lower half. */
export type SheetName = 'attach' | 'emoji' | 'sticker' | 'location' | 'contact'
