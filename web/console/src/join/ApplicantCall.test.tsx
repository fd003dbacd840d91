import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mount } from "../testing/mount";
import { fakeCall } from "../testing/officerCall";
import { invitation } from "../testing/samples";
import { ApplicantCall } from "./ApplicantCall";

async function open() {
  const { call, peers } = fakeCall();
  let leaves = 0;
  const page = await mount(
    <ApplicantCall
      api={new FakeService().joinApi()}
      invitation={invitation}
      stream={new MediaStream()}
      makeCall={() => call}
      onLeave={() => {
        leaves += 1;
      }}
    />,
  );
  return { page, peers, leaves: () => leaves };
}

it("waits for the manager, then shows only them", async () => {
  const { page, peers } = await open();
  expect(page.text).toContain("Connecting");
  await act(() => peers[0]?.become("connected"));
  expect(page.text).toContain("your customer manager will join in a moment");
  await page.fire(page.find("video"), "playing");
  expect(page.text).not.toContain("in a moment");
  await page.fire(page.find("video"), "emptied");
  expect(page.text).toContain("No picture from your customer manager at the moment.");
});

it("says that the connection is being made again", async () => {
  const { page, peers } = await open();
  await act(() => peers[0]?.become("failed"));
  expect(page.text).toContain("Reconnecting; the interview goes on where it stopped.");
});

it("asks before leaving", async () => {
  const { page, leaves } = await open();
  await page.press("Leave");
  expect([page.text.includes("Leave the interview?"), leaves()]).toEqual([true, 0]);
  await page.fire(page.find("dialog button:last-child"), "click");
  expect(leaves()).toBe(1);
});
