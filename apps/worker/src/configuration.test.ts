import { inspect } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import { readConfiguration } from './configuration.js'

const complete = {
  REDIS_URL: 'redis://:hush@localhost',
  API_URL: 'http://localhost:3000/',
  WORKER_TOKEN: 'hush-token',
  DOCKER_HOST: 'unix:///run/lab.sock',
  INSTALLATION_ID: 'one',
}

describe('readConfiguration', () => {
  test('has a default for all that may be left out', () => {
    const configuration = readConfiguration({ ...complete, LOG_LEVEL: '' })
    expect(configuration).toMatchObject({ API_URL: 'http://localhost:3000', LOG_LEVEL: 'info' })
    expect(configuration.LAB_CONCURRENCY).toBeGreaterThan(0)
  })

  test('names each variable that is missing or wrong, and shows no value', () => {
    const read = () =>
      readConfiguration({ ...complete, WORKER_TOKEN: '', LAB_CONCURRENCY: '0', API_URL: 'hush' })
    expect(read).toThrow(/WORKER_TOKEN[^]*LAB_CONCURRENCY|LAB_CONCURRENCY[^]*WORKER_TOKEN/)
    expect(read).toThrow(/API_URL/)
    expect(read).not.toThrow(/hush/)
  })

  test('keeps secrets out of logs', () => {
    const configuration = readConfiguration(complete)
    expect(JSON.stringify(configuration) + inspect(configuration)).not.toContain('hush')
    expect(configuration.WORKER_TOKEN.reveal()).toBe('hush-token')
  })
})
