/**
 * The text of a QR code on a picture, where the browser can read one by itself (Chrome on Android and macOS). A telephone
 * offers its camera for picking a picture, so that the page itself needs no camera and is granted none.
 */
type Detector = { detect(image: ImageBitmapSource): Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = new (options: { readonly formats: readonly string[] }) => Detector

const found = (): DetectorClass | undefined =>
  (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector

export const canReadPictures = (): boolean => found() !== undefined

/** undefined: there is none on it, or it is no picture. */
export async function readPicture(file: Blob): Promise<string | undefined> {
  const Detector = found()
  if (!Detector) return undefined
  try {
    const image = await createImageBitmap(file)
    try {
      const [code] = await new Detector({ formats: ["qr_code"] }).detect(image)
      return code?.rawValue
    } finally {
      image.close()
    }
  } catch {
    return undefined
  }
}
