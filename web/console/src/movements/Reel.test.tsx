import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { mount, type Page } from "../testing/mount";
import { movementReplay } from "../testing/samples";
import { Reel } from "./Reel";

/** A clock that goes on when it is told to. */
class Hand {
  waits: number[] = [];
  #then: (() => void) | null = null;

  readonly later = (ms: number, then: () => void) => {
    this.waits.push(Math.round(ms));
    this.#then = then;
    return () => {
      this.#then = null;
    };
  };

  async goOn() {
    const then = this.#then;
    await act(() => then?.());
  }
}

const said = (page: Page) => page.find("input[type=range]").getAttribute("aria-valuetext");
const pictures = (page: Page) =>
  [...page.root.querySelectorAll<HTMLElement>("[role=img]")].map((one) => one.style.backgroundPosition);

async function reel() {
  const hand = new Hand();
  const page = await mount(<Reel replay={movementReplay} later={hand.later} />);
  return { hand, page };
}

it("begins still, at the onset, with both pictures side by side", async () => {
  const { hand, page } = await reel();
  expect(said(page)).toBe("20.00 s, picture 3 of 9, onset");
  expect(page.text).toContain("Motion magnified 6×");
  // Two rows of eight for nine pictures: the magnified ones begin in the third of four rows.
  const third = `${(100 * 2) / 7}%`;
  expect(pictures(page)).toEqual([`${third} 0%`, `${third} ${(100 * 2) / 3}%`]);
  expect(hand.waits).toEqual([]);
  expect(document.activeElement).toBe(page.find("input[type=range]"));
});

it("goes picture by picture with the arrows and stops at both ends", async () => {
  const { page } = await reel();
  await page.key(document.body, "ArrowRight");
  expect(said(page)).toBe("20.10 s, picture 4 of 9, between onset and apex");
  for (let i = 0; i < 9; i += 1) await page.key(document.body, "ArrowRight");
  expect(said(page)).toBe("20.45 s, picture 9 of 9, after the offset");
  await page.press("Previous picture");
  expect(said(page)).toContain("picture 8 of 9");
  for (let i = 0; i < 9; i += 1) await page.key(document.body, "ArrowLeft");
  expect(said(page)).toBe("19.90 s, picture 1 of 9, before the onset");
});

it("leads to apex and offset, and keeps the slider's own keys to the slider", async () => {
  const { page } = await reel();
  await page.press("apex");
  expect(said(page)).toBe("20.20 s, picture 5 of 9, apex");
  await page.key(page.find("input"), "ArrowRight");
  expect(said(page)).toContain("picture 5 of 9");
  await page.type("input", "5");
  expect(said(page)).toBe("20.30 s, picture 6 of 9, between apex and offset");
  await page.press("offset");
  expect(said(page)).toBe("20.36 s, picture 7 of 9, offset");
});

it("plays as slowly as asked, begins again, and stops", async () => {
  const { hand, page } = await reel();
  await page.press("Play");
  expect(hand.waits).toEqual([400]);
  await hand.goOn();
  expect(said(page)).toContain("picture 4 of 9");
  await page.choose("select", "1");
  expect(hand.waits.at(-1)).toBe(100);
  for (let i = 0; i < 5; i += 1) await hand.goOn();
  expect(said(page)).toContain("picture 9 of 9");
  await hand.goOn();
  expect(said(page)).toContain("picture 1 of 9");
  await page.key(document.body, " ");
  const stopped = said(page);
  await hand.goOn();
  expect([said(page), page.text.includes("Play")]).toEqual([stopped, true]);
});
