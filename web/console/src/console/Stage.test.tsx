import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { mountInConsole } from "../testing/mount";
import { fakeCall, officerCall } from "../testing/officerCall";
import { detail } from "../testing/samples";
import { Stage } from "./Stage";

async function connected() {
  const { call, peers } = fakeCall();
  await call.start();
  peers[0]?.become("connected");
  return { officer: officerCall({ call }), peer: peers[0] };
}

it("says why there is no picture until there is one", async () => {
  const { officer } = await connected();
  const page = await mountInConsole(<Stage officer={officer} call={null} detail={detail} />);
  expect(page.find("[role=status]").textContent).toBe("No picture from the applicant yet");
  await page.fire(page.find("video"), "playing");
  expect(page.find("[role=status]").textContent).toBe("");
});

it("says that the applicant's connection was lost", async () => {
  const { officer } = await connected();
  const page = await mountInConsole(
    <Stage officer={officer} call={null} detail={{ ...detail, state: "interrupted" }} />,
  );
  expect(page.text).toContain("They come back with the same link.");
});

it("says that one's own connection is being made again", async () => {
  const { officer, peer } = await connected();
  const page = await mountInConsole(<Stage officer={officer} call={null} detail={detail} />);
  await act(() => peer?.become("failed"));
  expect(page.text).toContain("The connection was lost. Reconnecting");
});

it("leaves when asked to", async () => {
  const { officer } = await connected();
  const page = await mountInConsole(<Stage officer={officer} call={null} detail={detail} />);
  await page.press("Leave");
  expect(officer.asked).toEqual(["leave"]);
});
