/** Name of the model pack in the storage of a device without slots. */
export const MODEL_FILE = "model.smod";
