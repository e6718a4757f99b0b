using ScottPlot;
using SkiaSharp;

namespace Jarn.Runner.Reports.Charts;

/// <summary>Panels in rows under a title, a line of explanation and a legend.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Subtitle">Lines on whose data, and how to read it.</param>
/// <param name="Legend">None for no legend.</param>
/// <param name="Panels">Row by row.</param>
/// <param name="Columns">Panels a row.</param>
public sealed record ChartSheet(string Title, IReadOnlyList<string> Subtitle, IReadOnlyList<LegendItem> Legend, IReadOnlyList<Plot> Panels, int Columns)
{
    private const float Margin = 16, TitleHeight = 30, LineHeight = 20, LegendHeight = 34;

    /// <summary>The sheet as a PNG file.</summary>
    /// <param name="panel">Width and height of a panel, in pixels.</param>
    public byte[] ToPng(PixelSize panel)
    {
        int rows = (Panels.Count + Columns - 1) / Columns;
        float top = Margin + TitleHeight + (Subtitle.Count * LineHeight) + (Legend.Count > 0 ? LegendHeight : 0) + (Margin / 2);
        int width = (int)((Columns * panel.Width) + (2 * Margin)), height = (int)(top + (rows * panel.Height) + Margin);
        using SKSurface surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.White);
        using Paint paint = Paint.NewDisposablePaint();
        DrawHead(surface.Canvas, paint, width);
        for (int i = 0; i < Panels.Count; i++)
        {
            float left = Margin + (i % Columns * panel.Width), upper = top + (i / Columns * panel.Height);
            Panels[i].Render(surface.Canvas, new PixelRect(left, left + panel.Width, upper + panel.Height, upper));
        }
        using Image image = new(surface);
        return image.GetImageBytes(ImageFormat.Png, quality: 100);
    }

    private void DrawHead(SKCanvas canvas, Paint paint, int width)
    {
        new LabelStyle { Text = Title, FontSize = ChartStyle.TitleSize, Bold = true, ForeColor = ChartStyle.Ink }.Render(canvas, new Pixel(Margin, Margin), paint);
        float y = Margin + TitleHeight;
        foreach (string line in Subtitle)
        {
            new LabelStyle { Text = line, FontSize = ChartStyle.TextSize, ForeColor = ChartStyle.FaintInk }.Render(canvas, new Pixel(Margin, y), paint);
            y += LineHeight;
        }
        if (Legend.Count == 0)
        {
            return;
        }
        Plot host = new();
        Legend legend = host.Legend;
        legend.ManualItems = [.. Legend];
        legend.Orientation = Orientation.Horizontal;
        legend.FontSize = ChartStyle.TextSize;
        legend.OutlineWidth = 0;
        legend.ShadowColor = Colors.Transparent;
        legend.Margin = new PixelPadding(0);
        legend.Padding = new PixelPadding(0, 4);
        legend.Render(canvas, paint, new PixelRect(Margin, width - Margin, y + LegendHeight, y), Alignment.UpperLeft);
    }
}
