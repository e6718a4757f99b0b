using System.Globalization;
using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.Panels;
using ScottPlot.Plottables;

namespace Jarn.Runner.Reporting.Charts;

/// <summary>Values over a square.</summary>
/// <param name="Title">The text above the panel.</param>
/// <param name="Values">The values [x, y].</param>
public sealed record Surface(string Title, double[,] Values)
{
    /// <summary>Whether there is anything to draw: two places at least along both axes, and a finite value.</summary>
    public bool IsDrawable => Values.GetLength(0) > 1 && Values.GetLength(1) > 1 && Values.Cast<double>().Any(double.IsFinite);

    /// <summary>The range of the finite values; NaN if there are none.</summary>
    public (double Low, double High) Range => RangeOf([this]);

    /// <summary>The range of the finite values of all surfaces; NaN if there are none.</summary>
    public static (double Low, double High) RangeOf(IEnumerable<Surface> surfaces)
    {
        double[] finite = [.. surfaces.SelectMany(surface => surface.Values.Cast<double>()).Where(double.IsFinite).DefaultIfEmpty(double.NaN)];
        return (finite.Min(), finite.Max());
    }
}

/// <summary>
/// Surfaces side by side as colours with contour lines: in the upper row all on one scale, so that they can be compared, in the lower each on its
/// own, so that its shape is seen.
/// </summary>
/// <param name="Surfaces">Surfaces of the same extents.</param>
/// <param name="Reach">Both axes go from −Reach to Reach.</param>
/// <param name="XTitle">The text below each panel.</param>
/// <param name="YTitle">The text at the left.</param>
public sealed record SurfacePanels(IReadOnlyList<Surface> Surfaces, double Reach, string XTitle, string YTitle)
{
    private const float Size = 200, Left = 26, Right = 62, Top = 34, Bottom = 50, LabelWidth = 26;
    private const int Contours = 8;

    /// <exception cref="UserErrorException">The PNG file can't be written.</exception>
    public void Write(string path, string title, IReadOnlyList<string> subtitle)
    {
        (double Low, double High) shared = Surface.RangeOf(Surfaces);
        Plot[] panels =
        [
            .. Surfaces.Select((surface, column) => Draw(surface, column, $"{surface.Title}, shared scale", shared)),
            .. Surfaces.Select((surface, column) => Draw(surface, column, $"{surface.Title}, own scale", surface.Range)),
        ];
        ChartSheet sheet = new(title, subtitle, [], panels, Surfaces.Count) { FirstColumnExtra = LabelWidth };
        sheet.Write(path, new PixelSize(Left + Size + Right, Top + Size + Bottom));
    }

    private Plot Draw(Surface surface, int column, string title, (double Low, double High) scale)
    {
        Plot plot = ChartStyle.Plot(title);
        if (surface.IsDrawable)
        {
            Fill(plot, surface, scale.Low, scale.High);
        }
        else
        {
            ChartStyle.Nothing(plot, 0, 0);
        }
        ITickGenerator ticks = ChartStyle.Ticks(
            [-Reach, -Reach / 2, 0, Reach / 2, Reach], value => value.ToString("0.##;−0.##", CultureInfo.InvariantCulture));
        plot.Axes.Bottom.TickGenerator = ticks;
        plot.Axes.Left.TickGenerator = ticks;
        plot.XLabel(XTitle);
        if (column == 0)
        {
            plot.YLabel(YTitle);
        }
        plot.Layout.Fixed(new PixelPadding(Left + (column == 0 ? LabelWidth : 0), Right, Bottom, Top));
        plot.Axes.SetLimits(-Reach, Reach, -Reach, Reach);
        return plot;
    }

    private void Fill(Plot plot, Surface surface, double low, double high)
    {
        int across = surface.Values.GetLength(0), up = surface.Values.GetLength(1);
        // A heat map's first row is its upper one, and a flat surface still needs a range to be coloured by.
        double[,] rows = new double[up, across];
        Coordinates3d[,] points = new Coordinates3d[up, across];
        for (int j = 0; j < up; j++)
        {
            for (int i = 0; i < across; i++)
            {
                rows[up - 1 - j, i] = double.IsFinite(surface.Values[i, j]) ? surface.Values[i, j] : double.NaN;
                points[j, i] = new Coordinates3d(Place(i, across), Place(j, up), surface.Values[i, j]);
            }
        }
        double range = Math.Max(high - low, 1e-9), halfCell = Reach / (across - 1);
        Heatmap map = plot.Add.Heatmap(rows);
        map.Colormap = new Viridis();
        map.ManualRange = new ScottPlot.Range(low, low + range);
        map.Position = new CoordinateRect(-Reach - halfCell, Reach + halfCell, -Reach - halfCell, Reach + halfCell);
        if (high > low && surface.Values.Cast<double>().All(double.IsFinite))
        {
            ContourLines lines = new()
            {
                LineColor = Colors.White.WithAlpha(0.6),
                LineWidth = 1,
                ContourLineLevels = [.. Enumerable.Range(1, Contours).Select(level => low + (range * level / (Contours + 1)))],
            };
            lines.LabelStyle.IsVisible = false;
            lines.Update(points);
            plot.PlottableList.Add(lines);
        }
        ColorBar bar = plot.Add.ColorBar(map);
        (bar.Axis.TickLabelStyle.FontSize, bar.Width) = (ChartStyle.SmallTextSize, 14);
    }

    private double Place(int index, int count) => Reach * ((2.0 * index / (count - 1)) - 1);
}
