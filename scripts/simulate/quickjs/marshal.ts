import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten";
import type { GuestValue } from "../guest/guest.js";

/** A value for the engine. The caller disposes of the handle. */
export function toGuest(context: QuickJSContext, value: GuestValue): QuickJSHandle {
  switch (typeof value) {
    case "number":
      return context.newNumber(value);
    case "string":
      return context.newString(value);
    case "boolean":
      return value ? context.true : context.false;
    case "undefined":
      return context.undefined;
    default:
      return context.newArrayBuffer(value);
  }
}

/** A value of the engine: a number, a text, a boolean, or the copy of an ArrayBuffer. */
export function fromGuest(context: QuickJSContext, handle: QuickJSHandle): GuestValue {
  switch (context.typeof(handle)) {
    case "number":
      return context.getNumber(handle);
    case "string":
      return context.getString(handle);
    case "boolean":
      return context.dump(handle) as boolean;
    case "object":
      return context.getArrayBuffer(handle).consume(({ value }) => value.slice().buffer);
    default:
      return undefined;
  }
}
