// Decides what has to be installed or built again: a stamp is the hash of everything that a result was made from.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

const ignored = new Set(['node_modules', 'dist', 'test', '.git', '.turbo', 'coverage'])

/**
 * The files of a folder that matter to its build, in a fixed order.
 * @param {string} folder
 * @returns {string[]} paths relative to the folder
 */
export function sourceFiles(folder) {
  /** @type {string[]} */
  const found = []
  const visit = (/** @type {string} */ relative) => {
    for (const entry of readdirSync(path.join(folder, relative), { withFileTypes: true })) {
      if (ignored.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue
      const child = path.join(relative, entry.name)
      if (entry.isDirectory()) visit(child)
      else if (entry.isFile()) found.push(child)
    }
  }
  visit('.')
  return found.sort()
}

/**
 * @param {string[]} files absolute paths; one that is missing counts as empty
 * @param {string[]} [facts] further strings that the result depends on
 * @returns {string} hex
 */
function hashFiles(files, facts = []) {
  const hash = createHash('sha256')
  for (const fact of facts) hash.update(`fact ${fact}\0`)
  for (const file of files) {
    hash.update(`file ${file}\0`)
    if (existsSync(file)) hash.update(readFileSync(file))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/**
 * @typedef {object} Room a package of the workspace
 * @property {string} name
 * @property {string} folder absolute
 * @property {string | undefined} build its build script
 * @property {string[]} needs names of the rooms that it depends on
 */

/**
 * Every package of the workspace.
 * @param {string} root
 * @returns {Room[]}
 */
export function findRooms(root) {
  const parents = ['apps', 'packages'].flatMap((parent) => {
    const folder = path.join(root, parent)
    return existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : []
  })
  return [...parents, path.join(root, 'infra')]
    .filter((folder) => existsSync(path.join(folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
      const dependencies = { ...manifest.dependencies, ...manifest.devDependencies }
      return {
        name: manifest.name,
        folder,
        build: manifest.scripts?.build,
        needs: Object.keys(dependencies).filter((name) =>
          String(dependencies[name]).startsWith('workspace:'),
        ),
      }
    })
}

/**
 * What the dependencies are installed from.
 * @param {string} root
 * @param {Room[]} rooms
 */
export function dependencyStamp(root, rooms) {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => path.join(root, name))
  return hashFiles(
    [...files, ...rooms.map((room) => path.join(room.folder, 'package.json'))],
    [process.versions.modules, process.arch],
  )
}

/**
 * What a room is built from. swc turns each file into one file, so that a room depends on its own files alone; a bundle (vite)
 * has the sources of all rooms that it needs in it.
 * @param {string} root
 * @param {Room} room
 * @param {Room[]} rooms
 */
export function buildStamp(root, room, rooms) {
  const inside = new Set([room])
  if (room.build?.includes('vite')) {
    for (const member of inside) {
      for (const other of rooms) if (member.needs.includes(other.name)) inside.add(other)
    }
  }
  const files = [...inside].flatMap((member) =>
    sourceFiles(member.folder).map((file) => path.join(member.folder, file)),
  )
  const settings = ['.swcrc', 'tsconfig.base.json'].map((name) => path.join(root, name))
  if (inside.size > 1) settings.push(path.join(root, 'pnpm-lock.yaml'))
  return hashFiles([...settings, ...files])
}
