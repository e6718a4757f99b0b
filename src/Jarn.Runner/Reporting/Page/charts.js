// Draws the page's charts in its own colours: light, dark, and light on paper whatever the screen was.
(() => {
  const root = document.documentElement;
  const charts = [...document.querySelectorAll('.chart')].map(place => {
    const data = place.querySelector('script[type="application/json"]');
    const specification = JSON.parse(data.textContent);
    data.remove();
    return { place, specification };
  });

  const titleSize = 13;
  const theme = () => {
    const style = getComputedStyle(root);
    const colour = name => style.getPropertyValue(name).trim();
    const [ink, faint, line, page, wallInk] = ['--ink', '--faint', '--line', '--page', '--wall-ink'].map(colour);
    const axis = {
      gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true,
      ticks: 'outside', ticklen: 5, tickcolor: 'rgba(0,0,0,0)', tickfont: { color: faint }, title: { font: { size: titleSize, color: faint } },
    };
    // WebGL repaints later than a page is printed: in the dark the ink is one that can still be read on white.
    const wall = {
      showbackground: false, gridcolor: wallInk, linecolor: wallInk, zerolinecolor: wallInk,
      tickfont: { color: wallInk, size: 12 }, title: { font: { size: titleSize, color: wallInk } },
    };
    return {
      ink,
      font: style.fontFamily,
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

  // Plotly cuts a title that is longer than its axis: it goes on in another line instead.
  const ruler = document.createElement('canvas').getContext('2d');
  const wrapped = (text, font, width) => {
    ruler.font = `${titleSize}px ${font}`;
    const lines = [];
    for (const word of text.split(' ')) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && ruler.measureText(longer).width <= width) lines[lines.length - 1] = longer; else lines.push(word);
    }
    return lines.join('<br>');
  };

  // A finger scrolls the page; only a mouse zooms.
  const dragmode = matchMedia('(pointer: fine)').matches ? 'zoom' : false;
  const frame = 90;
  const draw = () => {
    const { ink, font, layout: template } = theme();
    for (const { place, specification } of charts) {
      for (const trace of specification.data) {
        for (const whisker of [trace.error_x, trace.error_y]) {
          if (whisker) whisker.color = ink;
        }
      }
      // What the reader has turned or magnified stays as it is.
      const layout = { autosize: true, uirevision: 'kept', ...structuredClone(specification.layout), template: { layout: template } };
      const width = place.clientWidth;
      if (layout.scene) {
        // No taller than what is drawn, and in a narrow place from further away, so that the axes' titles fit.
        layout.height = Math.round(Math.min(layout.height, 0.72 * width));
        place.style.minHeight = `${layout.height}px`;
        const distance = width < 360 ? 1.15 : 1, eye = layout.scene.camera.eye;
        layout.scene.camera.eye = { x: distance * eye.x, y: distance * eye.y, z: distance * eye.z };
      } else {
        layout.dragmode = dragmode;
        for (const [axis, length] of [[layout.xaxis, width - frame], [layout.yaxis, layout.height - frame]]) {
          if (axis.title) axis.title.text = wrapped(axis.title.text, font, length);
        }
      }
      Plotly.react(place, specification.data, layout, { responsive: true, displayModeBar: false, scrollZoom: false });
    }
  };

  let width = root.clientWidth;
  addEventListener('resize', () => {
    if (root.clientWidth !== width) {
      width = root.clientWidth;
      draw();
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  addEventListener('beforeprint', () => { root.classList.add('paper'); draw(); });
  addEventListener('afterprint', () => { root.classList.remove('paper'); draw(); });
  draw();
})();
