namespace Jarn.Tests.Reports.Page;

internal static class Contrast
{
    /// <summary>
    /// A function, of whether it is dark, that runs in the page and names whatever is too faint by WCAG 2.2, level AA.
    /// </summary>
    public const string Faint = """
        isDark => {
          const numbers = colour => colour.startsWith('#')
            ? colour.slice(1).match(/../g).map(part => parseInt(part, 16))
            : (colour.match(/[\d.]+/g) ?? []).map(Number);
          const luminance = colour => numbers(colour).slice(0, 3).map(part => part / 255)
            .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
            .reduce((sum, part, channel) => sum + part * [0.2126, 0.7152, 0.0722][channel], 0);
          const contrast = (a, b) => {
            const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
            return (high + 0.05) / (low + 0.05);
          };
          const ground = element => {
            for (let at = element; at; at = at.parentElement) {
              const colour = getComputedStyle(at).backgroundColor;
              if (numbers(colour)[3] !== 0) return colour;
            }
          };
          const found = [];
          const check = (what, colour, element, least) => {
            const ratio = contrast(colour, ground(element));
            if (!(ratio >= least)) found.push(`${what}: ${ratio.toFixed(2)}, ${colour} on ${ground(element)}`);
          };
          document.querySelectorAll('details').forEach(folded => folded.open = true);
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let texts = 0;
          while (walker.nextNode()) {
            const text = walker.currentNode, element = text.parentElement;
            if (!text.data.trim() || element.closest('script, style') || element.getClientRects().length === 0) continue;
            const style = getComputedStyle(element), size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            check(text.data.trim().slice(0, 40), element instanceof SVGElement ? style.fill : style.color, element, isLarge ? 3 : 4.5);
            texts++;
          }
          if (texts < 30) found.push(`only ${texts} texts were looked at`);
          const root = document.documentElement;
          check('axes in space', getComputedStyle(root).getPropertyValue('--wall-ink').trim(), document.body, 4.5);
          if (isDark) {
            for (const line of document.querySelectorAll('.chart path.js-line')) check('a line', getComputedStyle(line).stroke, line, 3);
            for (const bar of document.querySelectorAll('.chart .bars .point path')) check('a bar', getComputedStyle(bar).fill, bar, 3);
          }
          return found;
        }
        """;
}
