/**
 * What JupyterLab loads first: the container that a bundler would make, written by hand.
 *
 * JupyterLab hands over the modules it shares (`init`) and asks for the extension (`get`). All the rest are ES modules
 * beside this file, which the browser loads by itself.
 */
(() => {
  const folder = new URL('.', document.currentScript.src).href;
  let scope;

  async function extension() {
    const { lend } = await import(`${folder}shared.js`);
    lend(scope);
    const { default: plugins } = await import(`${folder}plugins.js`);
    return () => ({ __esModule: true, default: plugins });
  }

  window._JUPYTERLAB ||= {};
  window._JUPYTERLAB['aibasic-labextension'] = { init: shared => (scope = shared), get: extension };
})();
