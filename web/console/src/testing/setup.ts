import { afterEach } from "vitest";
import { unmountAll } from "./mount";

afterEach(unmountAll);
