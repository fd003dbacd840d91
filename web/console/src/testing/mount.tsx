import { type ComponentChild, render } from "preact";
import { act } from "preact/test-utils";
import { type Console, ConsoleContext } from "../console/context";
import { language } from "../i18n";
import { parse, route } from "../route";
import { FakeService } from "./FakeService";
import { FakeStreams } from "./FakeStreams";
import { config, officer } from "./samples";

const mounted: HTMLElement[] = [];

/** Leave nothing to the next test: no page, no address, no remembered language. */
export async function unmountAll(): Promise<void> {
  for (const root of mounted.splice(0)) {
    await act(() => render(null, root));
    root.remove();
  }
  location.hash = "";
  route.value = parse("");
  localStorage.clear();
}

/** Put something on the page in English, and let everything that follows from it happen. */
export async function mount(node: ComponentChild): Promise<Page> {
  language.value = "en";
  const root = document.createElement("div");
  document.body.append(root);
  mounted.push(root);
  await act(() => render(node, root));
  await settle();
  return new Page(root);
}

/** The same, with what a console page needs around it. */
export function mountInConsole(
  node: ComponentChild,
  service = new FakeService(),
  shared: Partial<Console> = {},
): Promise<Page> {
  const value: Console = {
    api: service.api(),
    config,
    user: officer,
    openStream: new FakeStreams().openStream,
    ...shared,
  };
  return mount(<ConsoleContext.Provider value={value}>{node}</ConsoleContext.Provider>);
}

/** Let promises that are already under way come to their ends, without waiting for the clock. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1)
    await act(async () => {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    });
}

/** What a person can see and do. */
export class Page {
  readonly root: HTMLElement;

  constructor(root: HTMLElement) {
    this.root = root;
  }

  get text(): string {
    return (this.root.textContent ?? "").replace(/\s+/g, " ");
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    const found = this.root.querySelector<T>(selector);
    if (!found) throw new Error(`nothing on the page is ${selector}: ${this.text}`);
    return found;
  }

  has(selector: string): boolean {
    return this.root.querySelector(selector) !== null;
  }

  /** A button or link by its words or its label. */
  button(words: string): HTMLElement {
    const all = [...this.root.querySelectorAll<HTMLElement>("button, a")];
    const found = all.find(
      (one) => one.textContent?.includes(words) || one.getAttribute("aria-label") === words,
    );
    if (!found) throw new Error(`no button says ${words}: ${this.text}`);
    return found;
  }

  async press(words: string): Promise<void> {
    await act(() => this.button(words).click());
    await settle();
  }

  async type(selector: string, value: string): Promise<void> {
    const field = this.find<HTMLInputElement>(selector);
    field.value = value;
    await this.fire(field, "input");
  }

  async choose(selector: string, value: string): Promise<void> {
    const field = this.find<HTMLSelectElement>(selector);
    field.value = value;
    await this.fire(field, "change");
  }

  async submit(): Promise<void> {
    await this.fire(this.find("form"), "submit");
  }

  async key(target: EventTarget, key: string): Promise<void> {
    await act(
      () => void target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })),
    );
    await settle();
  }

  async fire(target: EventTarget, name: string): Promise<void> {
    await act(() => void target.dispatchEvent(new Event(name, { bubbles: true, cancelable: true })));
    await settle();
  }
}
