import { expect, it } from "vitest";
import { mountInConsole } from "../testing/mount";
import { speech } from "../testing/samples";
import { SpeechMeter } from "./SpeechMeter";

it("tells seconds, needs and quality, and says them to a screen reader", async () => {
  const page = await mountInConsole(<SpeechMeter heard={speech()} />);
  expect(page.text).toContain("5.5 s · a comparison needs 3 s, a reference 8 s");
  expect(page.text).toContain("SNR 24 dB · clipped 0.1% · up to 6.1 kHz");
  expect(page.find("[role=status]").textContent).toBe("Enough for a comparison");
  const meter = page.find("meter");
  expect(meter.getAttribute("aria-valuetext")).toBe(
    "5.5 s of usable speech, 7.2 s heard. A comparison needs 3 s, a reference 8 s.",
  );
  expect([meter.getAttribute("max"), meter.getAttribute("value")]).toEqual(["8", "5.57"]);
});

it("never rounds up to a need", async () => {
  const page = await mountInConsole(<SpeechMeter heard={speech({ usable_s: 2.99 })} />);
  expect(page.text).toContain("2.9 s");
  expect(page.find("[role=status]").textContent).toBe("Good enough so far; a comparison needs more.");
});

it("says why speech is not usable, and what to ask for", async () => {
  const page = await mountInConsole(<SpeechMeter heard={speech({ reason: "noisy" })} />);
  const why = page.find("[role=status]");
  expect(why.textContent).toBe("Too much background noise · Ask the applicant for a quieter place.");
  expect(why.getAttribute("data-tone")).toBe("caution");
});

it("shows no quality before there was enough to measure it", async () => {
  const heard = speech({ usable_s: 0, snr_db: null, clipped: null, rolloff_hz: null, reason: "no_speech" });
  const page = await mountInConsole(<SpeechMeter heard={heard} />);
  expect(page.text).not.toContain("SNR");
  expect(page.find("[role=status]").textContent).toBe("Nobody is speaking · Ask an open question.");
});
