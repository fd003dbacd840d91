import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { LevelMeter } from "./LevelMeter";

it("shows the level, and says once that somebody was heard", async () => {
  let heard = 0;
  let tell: (level: number) => void = () => {};
  const page = await mount(
    <LevelMeter
      stream={new MediaStream()}
      onHeard={() => {
        heard += 1;
      }}
      follow={(_, onLevel) => {
        tell = onLevel;
        return () => {};
      }}
    />,
  );
  await act(() => tell(0.1));
  expect([page.find("meter").textContent, heard]).toEqual(["10%", 0]);
  await act(() => tell(0.6));
  await act(() => tell(0.7));
  expect([page.find("meter").textContent, heard]).toEqual(["70%", 1]);
});
