/**
 * Splits the engine's multiplexed stream into stdout and stderr with a bound. (dockerode's own demultiplexer
 * knows no backpressure and no bound: a flood fills the memory.)
 */

/** Bytes appended to one growing buffer: a producer of single bytes must not cost an object for each. */
class Sink {
  private store = Buffer.alloc(0)
  private length = 0

  append(bytes: Buffer): void {
    if (this.length + bytes.length > this.store.length) {
      const grown = Buffer.alloc(Math.max(1024, this.store.length * 2, this.length + bytes.length))
      this.store.copy(grown, 0, 0, this.length)
      this.store = grown
    }
    bytes.copy(this.store, this.length)
    this.length += bytes.length
  }

  get bytes(): Uint8Array {
    return this.store.subarray(0, this.length)
  }
}

/** stdout and stderr, kept up to `maxBytes` together. */
export class BoundedOutput {
  private readonly sinks = { stdout: new Sink(), stderr: new Sink() }
  private kept = 0
  /** Header bytes seen of the frame that is due. */
  private header = Buffer.alloc(0)
  /** Payload bytes that the current frame still owes. */
  private left = 0
  private target: 'stdout' | 'stderr' = 'stdout'
  private overflown = false

  constructor(private readonly maxBytes: number) {}

  get flooded(): boolean {
    return this.overflown
  }

  /** Takes the next bytes off the wire, cut anywhere. False once the bound is passed: nothing more is kept. */
  push(bytes: Buffer): boolean {
    let rest = bytes
    while (rest.length > 0 && !this.overflown) {
      if (this.left === 0) {
        // 8 bytes: stream (1 stdout, 2 stderr), three zeros, length of the payload as 32 bits, big-endian.
        const need = 8 - this.header.length
        this.header = Buffer.concat([this.header, rest.subarray(0, need)])
        rest = rest.subarray(need)
        if (this.header.length < 8) break
        this.target = this.header[0] === 2 ? 'stderr' : 'stdout'
        this.left = this.header.readUInt32BE(4)
        this.header = Buffer.alloc(0)
        continue
      }
      const payload = rest.subarray(0, this.left)
      this.left -= payload.length
      rest = rest.subarray(payload.length)
      const room = this.maxBytes - this.kept
      if (payload.length > room) this.overflown = true
      const fits = payload.subarray(0, room)
      this.kept += fits.length
      this.sinks[this.target].append(fits)
    }
    return !this.overflown
  }

  get stdout(): Uint8Array {
    return this.sinks.stdout.bytes
  }

  get stderr(): Uint8Array {
    return this.sinks.stderr.bytes
  }
}
