import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { LinkFailure } from "./LinkFailure";

const failure = (status: number) => ({ code: "x", status, message: "Why.", messageZh: "原因。" });

it("sends the applicant to the manager for a link that is dead", async () => {
  const page = await mount(<LinkFailure failure={failure(410)} onRetry={() => {}} />);
  expect(page.text).toContain("This link does not work");
  expect(page.text).toContain("Ask your customer manager to send a new link.");
  expect(page.has("button")).toBe(false);
});

it.each([0, 429, 503])("lets the applicant try again after %i", async (status) => {
  let retries = 0;
  const onRetry = () => {
    retries += 1;
  };
  const page = await mount(<LinkFailure failure={failure(status)} onRetry={onRetry} />);
  await page.press("Try again");
  expect(retries).toBe(1);
});
