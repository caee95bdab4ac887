/** Why a payload is not a message of the protocol. Kept with its bytes, never fatal. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}
