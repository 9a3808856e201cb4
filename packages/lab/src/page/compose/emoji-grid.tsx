const emoji = [...'😀😂🙂😉😍🤔😮😢😡👍👎🙏👏👋💪🎉']
const more = ['❤️', '✅', '❌', '⭐', '🔥', '☀️', '🌧️', '✈️', '🧳', '🚕', '🏨', '🍜', '☕', '📷', '📎', '🗓️']

/** A few that cover most talk; any other can be typed or pasted. */
export function EmojiGrid({ onPick, large = false }: { onPick: (emoji: string) => void; large?: boolean }) {
  return (
    <div className={large ? 'emoji-grid emoji-grid-large' : 'emoji-grid'}>
      {[...emoji, ...more].slice(0, large ? 12 : undefined).map(one => (
        <button key={one} type="button" className="emoji-button" aria-label={`Emoji ${one}`} onClick={() => onPick(one)}>
          {one}
        </button>
      ))}
    </div>
  )
}
