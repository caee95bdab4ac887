import { errorKind } from "./sertao-error.js";

export const sequenceTaken = errorKind(
  "OTA_SEQUENCE_TAKEN",
  "Another update with the same sequence was published before.",
  (sequence: number) => `Another update with sequence ${sequence} is published already.`,
  "Sign it again: a new signature has a new sequence.",
);

export const sequenceOld = errorKind(
  "OTA_SEQUENCE_OLD",
  "A device was offered, or has, an update with a higher sequence.",
  (device: string, sequence: number, greatest: number) =>
    `${device} knows of sequence ${greatest}, and takes no update that is not above it: ${sequence} is not.`,
  "Sign the image again with sertao ota sign, or an earlier published one with sertao ota rollback.",
);

export const updateUnknown = errorKind(
  "OTA_UPDATE_UNKNOWN",
  "An update that was named by its sequence was never published.",
  (sequence: number) => `No update with sequence ${sequence} was published.`,
  "Run sertao ota status: it lists the published updates.",
);

export const nobodyMeant = errorKind(
  "OTA_NO_DEVICES",
  "No device was named for an update, or no device has the tag.",
  (problem: string) => problem,
  "Name devices with --device, tags with --tag (sertao fleet tag sets them), or all with --all.",
  2,
);

export const devicesRefuse = errorKind(
  "OTA_DEVICES_REFUSE",
  "By what devices say of themselves, they would refuse an update.",
  (problem: string) => `Nothing is published: ${problem}.`,
  "Publish an update that is for them. Where what a device said is out of date, wait for its next status.",
);

export const updateFetched = errorKind(
  "OTA_UPDATE_FETCHED",
  "An update was to be withdrawn, and the devices have it already.",
  (sequence: number, devices: string) => `The update ${sequence} cannot be withdrawn: ${devices} have it already.`,
  "Go back to an older image with sertao ota rollback.",
);

export const updateNotOpen = errorKind(
  "OTA_NOT_OFFERED",
  "An update was to be withdrawn from devices that it is not offered to.",
  (sequence: number) => `The update ${sequence} is not offered to any of these devices.`,
  "Run sertao ota status: it shows what is offered to which device.",
);
