// Made by the build for each application and board (scripts/bundle).
declare module "sertao:build" {
  /** Name in sertao.json. */
  export const application: string;
  /** Version in sertao.json. */
  export const version: string;
  /** Id of the board built for. */
  export const board: string;
  /** Version of Sertão. */
  export const runtime: string;
  /** Pages of the board's free region for settings; of a board that has them. */
  export const settingsPages: { readonly address: number; readonly pageBytes: number; readonly pages: number };
  /** Pages for the outbox; of a board that has them. */
  export const outboxPages: { readonly address: number; readonly pageBytes: number; readonly pages: number };
}
