// Draws the page's charts in its own colours: light, dark, and light on paper whatever the screen was.
(() => {
  const root = document.documentElement;
  const charts = [...document.querySelectorAll('.chart')].map(place => {
    const data = place.querySelector('script[type="application/json"]');
    const specification = JSON.parse(data.textContent);
    data.remove();
    return { place, specification };
  });

  const theme = () => {
    const style = getComputedStyle(root);
    const colour = name => style.getPropertyValue(name).trim();
    const [ink, faint, line, page] = ['--ink', '--faint', '--line', '--page'].map(colour);
    const axis = {
      gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true,
      ticks: 'outside', ticklen: 5, tickcolor: 'rgba(0,0,0,0)', tickfont: { color: faint }, title: { font: { size: 13, color: faint } },
    };
    // WebGL repaints later than a page is printed: greys that do on white and on black.
    const grey = '#737d87', paleGrey = '#98a0a8';
    const wall = {
      showbackground: false, gridcolor: paleGrey, linecolor: paleGrey, zerolinecolor: paleGrey,
      tickfont: { color: grey, size: 12 }, title: { font: { size: 13, color: grey } },
    };
    return {
      ink,
      layout: {
        font: { family: style.fontFamily, size: 13, color: ink },
        paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
        margin: { l: 8, r: 12, t: 8, b: 8 },
        legend: { orientation: 'h', x: 0, y: 1, yanchor: 'bottom' },
        hoverlabel: { bgcolor: page, bordercolor: line, font: { color: ink } },
        xaxis: axis, yaxis: axis, scene: { xaxis: wall, yaxis: wall, zaxis: wall },
      },
    };
  };

  // A finger scrolls the page; only a mouse zooms.
  const dragmode = matchMedia('(pointer: fine)').matches ? 'zoom' : false;
  const draw = () => {
    const { ink, layout: template } = theme();
    for (const { place, specification } of charts) {
      for (const trace of specification.data) {
        for (const whisker of [trace.error_x, trace.error_y]) {
          if (whisker) whisker.color = ink;
        }
      }
      const layout = { autosize: true, ...structuredClone(specification.layout), template: { layout: template } };
      if (layout.scene) {
        // A narrow place shows less beside the surface: from further away the axes' titles fit.
        const distance = place.clientWidth < 480 ? 1.4 : 1, eye = layout.scene.camera.eye;
        layout.scene.camera.eye = { x: distance * eye.x, y: distance * eye.y, z: distance * eye.z };
      } else {
        layout.dragmode = dragmode;
      }
      Plotly.react(place, specification.data, layout, { responsive: true, displayModeBar: false, scrollZoom: false });
    }
  };

  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('beforeprint', () => { root.classList.add('paper'); draw(); });
  addEventListener('afterprint', () => { root.classList.remove('paper'); draw(); });
  draw();
})();
