import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { challenge } from "../testing/samples";
import { ChallengeList } from "./ChallengeList";

it("lists challenges in order, or says that there was none", async () => {
  const two = [challenge({ state: "refused" }), challenge({ id: "c2", kind: "pose", state: "expired" })];
  const page = await mount(<ChallengeList session="s1" challenges={two} />);
  const names = [...page.root.querySelectorAll("li strong")].map((one) => one.textContent);
  expect(names).toEqual(["Light", "Head turn"]);
  expect((await mount(<ChallengeList session="s1" challenges={[]} />)).text).toContain("No challenge");
});
