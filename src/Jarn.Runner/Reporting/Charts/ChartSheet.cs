using Jarn.Runner.Experiments.Runs;
using ScottPlot;
using SkiaSharp;

namespace Jarn.Runner.Reporting.Charts;

/// <summary>Panels in rows under a title, lines of explanation and a legend.</summary>
/// <param name="Subtitle">Lines that say what data is shown and how to read it.</param>
/// <param name="Legend">Empty for no legend.</param>
/// <param name="Panels">The panels, row by row. Each fills its place with data area and labels together.</param>
/// <param name="Columns">The number of panels in a row.</param>
public sealed record ChartSheet(
    string Title, IReadOnlyList<string> Subtitle, IReadOnlyList<LegendItem> Legend, IReadOnlyList<Plot> Panels, int Columns)
{
    private const float Margin = 16, TitleHeight = 32, LineHeight = 20, LegendHeight = 30, Gap = 8;

    /// <summary>Added to the width of the panels of the first column, for labels that all panels of a row share.</summary>
    public float FirstColumnExtra { get; init; }

    private IEnumerable<LabelStyle> Head =>
    [
        new() { Text = Title, FontName = Fonts.Default, FontSize = ChartStyle.TitleSize, Bold = true, ForeColor = ChartStyle.Ink },
        .. Subtitle.Select(
            line => new LabelStyle { Text = line, FontName = Fonts.Default, FontSize = ChartStyle.TextSize, ForeColor = ChartStyle.FaintInk }),
    ];

    /// <param name="panel">Width and height of a panel, in pixels.</param>
    /// <exception cref="UserErrorException">The file can't be written.</exception>
    public void Write(string path, PixelSize panel)
    {
        int rows = Columns == 0 ? 0 : (Panels.Count + Columns - 1) / Columns;
        float top = Margin + TitleHeight + (Subtitle.Count * LineHeight) + (Legend.Count > 0 ? LegendHeight : 0) + Gap;
        using Paint paint = Paint.NewDisposablePaint();
        float widest = Head.Max(line => line.Measure(paint).Width), panels = FirstColumnExtra + (Columns * panel.Width);
        int width = (int)((2 * Margin) + Math.Max(widest, panels)), height = (int)(top + (rows * panel.Height) + Margin);
        using SKSurface surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.White);
        DrawHead(surface.Canvas, paint, width);
        for (int i = 0; i < Panels.Count; i++)
        {
            int column = i % Columns;
            float left = Margin + (column == 0 ? 0 : FirstColumnExtra) + (column * panel.Width), upper = top + (i / Columns * panel.Height);
            float right = left + panel.Width + (column == 0 ? FirstColumnExtra : 0);
            Panels[i].Render(surface.Canvas, new PixelRect(left, right, upper + panel.Height, upper));
        }
        using Image image = new(surface);
        byte[] file = image.GetImageBytes(ImageFormat.Png, quality: 100);
        AtomicFile.Write(path, stream => stream.Write(file));
    }

    private void DrawHead(SKCanvas canvas, Paint paint, int width)
    {
        float y = Margin;
        foreach (LabelStyle line in Head)
        {
            line.Render(canvas, new Pixel(Margin, y), paint);
            y += line.Bold ? TitleHeight : LineHeight;
        }
        if (Legend.Count > 0)
        {
            Legend legend = new Plot().Legend;
            legend.ManualItems = [.. Legend];
            legend.Orientation = Orientation.Horizontal;
            legend.TightHorizontalWrapping = true;
            legend.FontName = Fonts.Default;
            legend.FontSize = ChartStyle.TextSize;
            legend.OutlineWidth = 0;
            legend.ShadowColor = Colors.Transparent;
            legend.Margin = new PixelPadding(0);
            legend.Padding = new PixelPadding(0, 4);
            legend.Render(canvas, paint, new PixelRect(Margin, width - Margin, y + LegendHeight, y), Alignment.UpperLeft);
        }
    }
}
