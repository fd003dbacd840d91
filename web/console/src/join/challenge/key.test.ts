import { expect, it } from "vitest";
import { createPageKey } from "./key";

const bytes = (text: string) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

it("signs so that anybody with the public key can check it", async () => {
  const key = await createPageKey();
  if (!key) throw new Error("there is cryptography here");
  const signature = await key.sign("candor-challenge-1|c|n|0|1.5|true|360x640");
  const publicKey = await crypto.subtle.importKey(
    "spki",
    bytes(key.spki),
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["verify"],
  );
  const verified = (text: string) =>
    crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      publicKey,
      bytes(signature),
      new TextEncoder().encode(text),
    );
  expect(signature).toMatch(/^[A-Za-z0-9_-]{86}$/);
  expect(key.spki).toMatch(/^[A-Za-z0-9_-]{100,200}$/);
  expect(await verified("candor-challenge-1|c|n|0|1.5|true|360x640")).toBe(true);
  expect(await verified("candor-challenge-1|c|n|0|1.5|false|360x640")).toBe(false);
});

it("keeps the private key inside the browser", async () => {
  let isExtractable: boolean | undefined;
  const subtle = {
    generateKey: async (_: unknown, extractable: boolean) => {
      isExtractable = extractable;
      throw new DOMException("enough seen");
    },
  } as unknown as SubtleCrypto;
  expect(await createPageKey(subtle)).toBe(null);
  expect(isExtractable).toBe(false);
});

it("goes without where the browser has no cryptography", async () => {
  expect(await createPageKey(null as unknown as SubtleCrypto)).toBe(null);
});
