/** The product's version: the chart's appVersion and the image tag. A test compares it with package.json. */
export const version = '1.0.14'
