// Import this first, then the module under test with `await import()`.
//
// Django serves the static files of all apps from one folder, so one app's modules import
// another's by ../../geodata/js/…; on the disk each app has a folder of its own.

import { register } from "node:module";

const HOOKS = `
  export function resolve(specifier, context, next) {
    const shared = specifier.match(/^\\.\\.\\/\\.\\.\\/(\\w+)(\\/.*)$/);
    const app = context.parentURL?.match(/^(.*)\\/\\w+\\/static\\/\\w+\\//);
    if (!shared || !app) return next(specifier, context);
    return next(app[1] + "/" + shared[1] + "/static/" + shared[1] + shared[2], context);
  }`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
