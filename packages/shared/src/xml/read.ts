import sax from 'sax'

/** Attributes are not kept: no platform that we know says anything in them. */
export interface XmlElement {
  readonly name: string
  /** what stands in it outside of its children, CDATA included */
  text: string
  readonly children: XmlElement[]
}

const maxDepth = 16
const maxElements = 10_000
const options = { strictEntities: true, position: false }

/**
 * XML of strangers, strictly; undefined when it is not well formed, declares a document type (and with it, perhaps, entities), or is larger than a payload is.
 * Nothing is ever fetched, and only the five entities of XML itself and character references mean anything.
 */
export function readXml(text: string, maxLength = 1024 * 1024): XmlElement | undefined {
  if (text.length > maxLength) return undefined
  const open: XmlElement[] = []
  let root: XmlElement | undefined
  let count = 0
  const parser = sax.parser(true, options)
  const refuse = (why: string): never => {
    throw new Error(why)
  }
  parser.onerror = error => {
    throw error
  }
  parser.ondoctype = () => refuse('declares a document type')
  parser.onopentag = ({ name }) => {
    count += 1
    if (open.length >= maxDepth || count > maxElements) refuse('is too deep or has too many elements')
    const element: XmlElement = { name, text: '', children: [] }
    const parent = open.at(-1)
    if (parent !== undefined) parent.children.push(element)
    else if (root === undefined) root = element
    else refuse('has two roots')
    open.push(element)
  }
  parser.onclosetag = () => void open.pop()
  const add = (words: string): void => {
    const element = open.at(-1)
    if (element !== undefined) element.text += words
  }
  parser.ontext = add
  parser.oncdata = add
  try {
    parser.write(text).close()
    return root
  } catch {
    return undefined
  }
}

/** The children as members: words, or an object where there are children again. Of elements that repeat, the last. */
export function membersOf({ children }: XmlElement): Record<string, unknown> {
  return Object.fromEntries(children.map(child => [child.name, child.children.length > 0 ? membersOf(child) : child.text]))
}
