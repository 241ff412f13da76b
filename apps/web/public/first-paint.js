// Runs before the first paint, so that neither the theme nor the language flickers. Same keys as libs/web/state/src/preferences.ts.
(function () {
  const root = document.documentElement;
  const read = function (key) {
    try {
      return localStorage.getItem('cloudhop.' + key);
    } catch {
      return null;
    }
  };
  const theme = read('theme');
  if (theme === 'blossom' || theme === 'midnight') {
    root.dataset.theme = theme;
    document.querySelectorAll('meta[name=theme-color]').forEach(function (meta) {
      meta.content = theme === 'midnight' ? '#231a2b' : '#fff0f5';
    });
  }
  const language = read('language');
  if (language === 'zh-Hant' || language === 'zh-Hans' || language === 'en') root.lang = language;
})();
