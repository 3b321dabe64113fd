import { expect, test } from '@jest/globals'
import { BoundedOutput } from './demux.js'

function frame(stream: 1 | 2, payload: string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(Buffer.byteLength(payload), 4)
  return Buffer.concat([header, Buffer.from(payload)])
}
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

test('splits the streams, however the wire is cut', () => {
  const wire = Buffer.concat([frame(1, 'one'), frame(2, 'two'), frame(1, ''), frame(1, 'three'.repeat(1000))])
  for (const size of [1, 2, 7, 8, 9, 1000, wire.length]) {
    const output = new BoundedOutput(10_000)
    for (let at = 0; at < wire.length; at += size)
      expect(output.push(wire.subarray(at, at + size))).toBe(true)
    expect(text(output.stdout)).toBe(`one${'three'.repeat(1000)}`)
    expect(text(output.stderr)).toBe('two')
    expect(output.flooded).toBe(false)
  }
})

test('keeps exactly the bound, over both streams, and says when there is more', () => {
  const output = new BoundedOutput(5)
  expect(output.push(frame(1, 'abc'))).toBe(true)
  expect(output.push(frame(2, 'de'))).toBe(true)
  expect(output.push(frame(1, 'f'))).toBe(false)
  expect(output.flooded).toBe(true)
  expect(output.push(frame(1, 'ghi'))).toBe(false)
  expect(text(output.stdout) + text(output.stderr)).toBe('abcde')
})

test('a frame that announces gigabytes costs what arrives', () => {
  const output = new BoundedOutput(100)
  const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff])
  expect(output.push(Buffer.concat([header, Buffer.from('abc')]))).toBe(true)
  expect(text(output.stdout)).toBe('abc')
})
