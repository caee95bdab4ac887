import { ErrorCode } from "../../../../lib/core/error-code.js";

/**
 * What an I2C call threw, by its text, which each of Espruino's ports words in its own way (@ c5ff787b):
 *
 * - ESP32 (targets/esp32/jshardwareI2c.c, checkError): "slave doesn't ACK the transfer"; "Operation timeout because the
 *   bus is busy", after up to a second, for a stuck line as well.
 * - ESP8266 (targets/esp8266/jshardware.c): "I2CWrite: No ACK 0"; a stuck line is not noticed.
 * - nRF5 (targets/nrf5x/jshardware.c): "I2C Write Error 33281" for a missing acknowledgement of the address, 33282 of a
 *   byte (NRF_ERROR_DRV_TWI_ERR_ANACK, _DNACK). A bus that was never set up is silent.
 * - STM32 (targets/stm32/jshardware.c): "I2C got NACK" on the F3; on the others a missing acknowledgement and a stuck line
 *   both end as "I2C device not responding" or "Timeout on I2C ...".
 * - Software I2C (src/jsi2c.c): "Arbitration (start)" for a data line held low, "Timeout (wr)" for the clock line; it does
 *   not look at acknowledgements.
 * - Linux (targets/linux/jshardware.c): hardware I2C does nothing, and says nothing.
 */
export function i2cFailure(text: string): ErrorCode {
  if (/ACK|3328[12]/.test(text)) return ErrorCode.BUS_NO_ACK;
  if (/rbitration/.test(text)) return ErrorCode.BUS_STUCK;
  return /imeout|responding/.test(text) ? ErrorCode.BUS_TIMEOUT : ErrorCode.BUS_FAILED;
}
