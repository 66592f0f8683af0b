// Lets a child process of a test run the sources as they are: swc and the paths of tsconfig.json, nothing else.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { transformSync } = require('@swc/core');

const root = path.resolve(__dirname, '../../..');
const options = JSON.parse(fs.readFileSync(path.join(root, '.swcrc'), 'utf8'));

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(fs.readFileSync(filename, 'utf8'), { ...options, swcrc: false, filename });
  module._compile(code, filename);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  const mapped = request
    .replace(/^@gateway\/contracts\/(.*)$/, `${root}/libs/contracts/src/$1`)
    .replace(/^@gateway-testing\/(.*)$/, `${root}/libs/$1/testing`)
    .replace(/^@gateway\/(.*)$/, `${root}/libs/$1/src`);
  return resolve.call(this, mapped, ...rest);
};
