/** The modules that JupyterLab shares with its extensions, by the names of their packages. */

let scope = {};

/**
 * Take over the share scope, as module federation lays it out: package -> version -> `{get, from, loaded}`.
 *
 * @param {Object<string, Object<string, {get: function(): Promise<function(): object>, from: string}>>} given
 */
export function lend(given) {
  scope = given;
}

/**
 * A package of JupyterLab's own, the one instance that the application uses.
 *
 * Another extension may have brought a version of its own; the application is what nobody else brings.
 *
 * @param {string} name
 * @returns {Promise<object>} its exports
 */
export async function shared(name) {
  const [application] = Object.values(scope['@jupyterlab/application']);
  const offers = Object.values(scope[name] ?? {});
  const offer = offers.find(each => each.from === application.from) ?? offers.find(each => each.loaded) ?? offers[0];
  if (offer === undefined) {
    throw new Error(`JupyterLab does not share ${name}`);
  }
  return (await offer.get())();
}
