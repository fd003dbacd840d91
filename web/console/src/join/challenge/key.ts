/** The page's own key. It cannot leave the browser, so that a signature says: this page, since it was loaded. */
export interface PageKey {
  /** The public key: SPKI, base64url. */
  spki: string;
  /** ECDSA P-256 with SHA-256 over the text's UTF-8: 64 bytes r||s, base64url. */
  sign(text: string): Promise<string>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };

/** Make the page's key; null where the browser has no cryptography, as on pages without HTTPS. */
export async function createPageKey(subtle = globalThis.crypto?.subtle): Promise<PageKey | null> {
  try {
    const pair = await subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    return {
      spki: base64url(await subtle.exportKey("spki", pair.publicKey)),
      sign: async (text) => {
        const bytes = new TextEncoder().encode(text);
        return base64url(await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, bytes));
      },
    };
  } catch {
    return null;
  }
}

function base64url(buffer: ArrayBuffer): string {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
