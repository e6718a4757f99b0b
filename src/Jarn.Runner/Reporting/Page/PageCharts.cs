using System.Xml.Linq;
using Jarn.Runner.Reporting.Charts;
using Jarn.Runner.Reporting.Reproduction;
using Plotly.NET;
using Plotly.NET.CSharp;
using Chart = Plotly.NET.CSharp.Chart;
using Line = Jarn.Runner.Reporting.Charts.Line;

namespace Jarn.Runner.Reporting.Page;

/// <summary>
/// The charts of pictures as charts of a page: the same tables of bars, lines and surfaces, drawn by plotly.js in the reader's colours. What is not
/// finite is left out (JSON has no NaN), and where nothing is left to draw a sentence says so.
/// </summary>
public static class PageCharts
{
    private const string ClassName = "chart", Specification = "application/json";
    private const int BarRowHeight = 44, BarFrameHeight = 62, LineHeight = 320, SurfaceHeight = 420, LegendRowHeight = 20;
    private const int LongLine = 30, Ticks = 5, FewLines = 4, MostAcross = 4;
    private const double Thickness = 0.36, RoomForText = 0.2;

    /// <summary>The symbols that distinguish series if there are more of them than colours.</summary>
    private static readonly string[] _symbols = ["circle", "square", "diamond", "triangle-up"];

    public static bool IsChart(XElement element) => element.Attribute("class")?.Value == ClassName;

    /// <summary>A chart for each column of a table.</summary>
    /// <param name="ours">What the solid bars are called if there are hatched bars of the paper beside them.</param>
    public static IEnumerable<XElement> Of(BarTable table, string ours = "this project")
    {
        int[] rows = [.. Enumerable.Range(0, table.Rows.Count)];
        IEnumerable<string> Figures(int column) => rows.Select(row =>
            $"{table.Rows[row].Title} {(table.At(row, column) is BarCell cell ? Titles.Number(cell.Value, table.Format) : "not measured")}");
        yield return Panels(table.Columns.Select((column, index) =>
        {
            string? title = table.Columns.Count > 1 ? column : null;
            return rows.All(row => table.At(row, index) is null) ? Empty(title, "No values to draw.") : Panel(
                title, $"{column}, {table.Unit}: {string.Join(", ", Figures(index))}", (table.Rows.Count * BarRowHeight) + BarFrameHeight,
                Bars(table, index));
        }));
        if (rows.Any(row => table.Columns.Index().Any(column => table.At(row, column.Index)?.Paper is not null)))
        {
            yield return Html.Of("p", Html.Class("key"), Html.Of("span", Html.Class("ours")), ours, Html.Of("span", Html.Class("paper")), "paper");
        }
    }

    public static XElement Of(LinePanels lines) => Panels(lines.Panels.Select(panel => Of(panel, lines.YTitle, lines.Maximum)));

    /// <summary>A chart of one of the <see cref="Panels"/>.</summary>
    /// <param name="yTitle">The values' quantity and unit.</param>
    /// <param name="maximum">The upper end of the axis, which starts at 0; null to fit the values.</param>
    public static XElement Of(LinePanel panel, string yTitle, double? maximum = null)
    {
        string? title = panel.Title.Length == 0 ? null : panel.Title;
        IReadOnlyList<Line> lines = panel.Drawable;
        string missing = string.Join(", ", panel.Lines.Where(line => lines.All(drawn => drawn.Title != line.Title)).Select(line => line.Title));
        if (lines.Count == 0)
        {
            return Empty(title, missing.Length == 0 ? "No values to draw." : $"No values to draw: {missing}.");
        }
        // A legend of many lines needs room above the plot.
        int height = LineHeight + (LegendRowHeight * Math.Max(0, lines.Count - FewLines));
        GenericChart chart = Chart.Combine(lines.Select(Curve));
        Layout layout = ChartLayout(height, XAxis(panel), Axis(
            ("title", Title(yTitle)), ("range", maximum is double end && double.IsFinite(end) ? new[] { 0, end * 1.03 } : null),
            ("nticks", Ticks + 1), ("exponentformat", "none"), ("rangemode", "tozero")));
        layout.SetProperty("showlegend", panel.Lines.Count > 1);
        layout.SetProperty("hovermode", "x unified");
        XElement drawing = Panel(
            title, $"{yTitle} over {panel.XTitle}: {string.Join(", ", lines.Select(line => line.Title))}", height,
            GenericChart.setLayout(layout, chart));
        if (missing.Length > 0)
        {
            drawing.Add(Html.Of("p", Html.Class("key"), $"No values: {missing}."));
        }
        return drawing;
    }

    /// <summary>Charts of surfaces, all on one scale so that they can be compared.</summary>
    public static XElement Of(SurfacePanels surfaces)
    {
        (double low, double high) = Surface.RangeOf(surfaces.Surfaces);
        return Panels(surfaces.Surfaces.Select(surface =>
        {
            string? title = surfaces.Surfaces.Count > 1 ? surface.Title : null;
            return !surface.IsDrawable ? Empty(title, "The loss is not finite: there is nothing to draw.") : Panel(
                title,
                $"Surface of the loss over {surfaces.XTitle} and {surfaces.YTitle}: {surface.Title}, from {Titles.Number(surface.Range.Low, "0.00")} "
                    + $"to {Titles.Number(surface.Range.High, "0.00")}",
                SurfaceHeight,
                Relief(surfaces, surface, low, Math.Max(high, low + 1e-9)));
        }));
    }

    /// <summary>Side by side where there is room, in rows of about equal numbers, else one below the other.</summary>
    public static XElement Panels(IEnumerable<XElement> panels)
    {
        XElement[] all = [.. panels];
        int rows = Math.Max(1, (all.Length + MostAcross - 1) / MostAcross), columns = Math.Max(1, (all.Length + rows - 1) / rows);
        return Html.Of("div", Html.Class("panels"), new XAttribute("style", $"--columns:{columns}"), all);
    }

    private static GenericChart Bars(BarTable table, int column)
    {
        (int Row, BarCell Cell)[] cells =
        [
            .. Enumerable.Range(0, table.Rows.Count).Select(row => (row, table.At(row, column))).Where(entry => entry.Item2 is not null)
                .Select(entry => (entry.row, entry.Item2!)),
        ];
        (int Row, BarCell Cell, double Paper)[] papers =
        [
            .. cells.Where(entry => entry.Cell.Paper is not null).Select(entry => (entry.Row, entry.Cell, entry.Cell.Paper!.Value)),
        ];
        double Shift(BarCell cell) => cell.Paper is null ? 0 : Thickness / 2;
        (double End, double Place, string Text)[] labels =
        [
            .. cells.Select(entry =>
                (Math.Max(entry.Cell.High, entry.Cell.Value), Shift(entry.Cell) - entry.Row, Titles.Number(entry.Cell.Value, table.Format))),
            .. papers.Select(entry => (entry.Paper, -Shift(entry.Cell) - entry.Row, Titles.Number(entry.Paper, table.Format))),
            .. Enumerable.Range(0, table.Rows.Count).Where(row => table.At(row, column) is null).Select(row => (0.0, (double)-row, BarTable.Absent)),
        ];
        GenericChart text = Chart.Scatter<double, double, string>(
            x: labels.Select(label => label.End + (table.Scale / 60)), y: labels.Select(label => label.Place), mode: StyleParam.Mode.Text,
            MultiText: labels.Select(label => label.Text).ToArray(), TextPosition: StyleParam.TextPosition.MiddleRight, UseDefaults: false);
        With(text, ("hoverinfo", "skip"), ("cliponaxis", false));
        Layout layout = ChartLayout(
            (table.Rows.Count * BarRowHeight) + BarFrameHeight,
            Axis(
                ("title", Title(table.Unit)), ("range", new[] { 0, table.Scale * (1 + RoomForText) }), ("fixedrange", true),
                ("tickvals", Enumerable.Range(0, Ticks + 1).Select(tick => table.Scale * tick / Ticks).ToArray())),
            Axis(
                ("range", new[] { 0.45 - table.Rows.Count, 0.55 }), ("fixedrange", true), ("showgrid", false), ("zeroline", false),
                ("tickvals", table.Rows.Select((_, row) => -row).ToArray()), ("ticktext", table.Rows.Select(row => row.Title).ToArray())));
        layout.SetProperty("showlegend", false);
        layout.SetProperty("barmode", "overlay");
        return GenericChart.setLayout(layout, Chart.Combine(
        [
            Bar(
                cells.Select(entry => (entry.Cell.Value, Shift(entry.Cell) - entry.Row, table.Rows[entry.Row].Series)),
                cells.Select(entry => entry.Cell), hatched: false),
            Bar(papers.Select(entry => (entry.Paper, -Shift(entry.Cell) - entry.Row, table.Rows[entry.Row].Series)), [], hatched: true),
            text,
        ]));
    }

    private static GenericChart Bar(IEnumerable<(double Value, double Place, int Series)> bars, IEnumerable<BarCell> whiskers, bool hatched)
    {
        (double Value, double Place, int Series)[] all = [.. bars];
        GenericChart chart = Chart.Bar<double, double, string>(
            values: all.Select(bar => bar.Value), Keys: all.Select(bar => bar.Place).ToArray(), Width: Thickness, UseDefaults: false);
        string[] colours = [.. all.Select(bar => Colour(bar.Series))];
        With(chart, ("marker", hatched
            ? Object(
                ("color", colours), ("line", Object(("color", colours), ("width", 1))),
                ("pattern", Object(("shape", "/"), ("fillmode", "replace"), ("size", 6), ("solidity", 0.25))))
            : Object(("color", colours))), ("hoverinfo", "skip"));
        BarCell[] ends = [.. whiskers];
        return ends.Any(end => end.High > end.Low) ? With(chart, ("error_x", Whiskers(ends.Select(end => (end.Value, end.Low, end.High))))) : chart;
    }

    private static GenericChart Curve(Line line)
    {
        GenericChart chart = Chart.Scatter<double, double, string>(
            x: line.Points.Select(point => point.X), y: line.Points.Select(point => point.Y),
            mode: line.Points.Count > LongLine ? StyleParam.Mode.Lines : StyleParam.Mode.Lines_Markers, Name: line.Title, UseDefaults: false);
        string colour = Colour(line.Series);
        string symbol = _symbols[line.Series / ChartStyle.Colours % _symbols.Length];
        With(
            chart, ("line", Object(("color", colour), ("width", 2))), ("marker", Object(("color", colour), ("size", 7), ("symbol", symbol))),
            ("hovertemplate", "%{y:.4~g}"));
        IEnumerable<(double, double, double)> whiskers =
            line.Points.Select(point => point.HasWhisker ? (point.Y, point.Low, point.High) : (point.Y, point.Y, point.Y));
        return line.Points.Any(point => point.HasWhisker) ? With(chart, ("error_y", Whiskers(whiskers))) : chart;
    }

    private static GenericChart Relief(SurfacePanels panels, Surface surface, double low, double high)
    {
        int across = surface.Values.GetLength(0), up = surface.Values.GetLength(1);
        double Place(int index, int count) => panels.Reach * ((2.0 * index / (count - 1)) - 1);
        // A null leaves a hole.
        object? Height(int i, int j) => double.IsFinite(surface.Values[i, j]) ? surface.Values[i, j] : null;
        object?[][] heights = [.. Enumerable.Range(0, up).Select(j => Enumerable.Range(0, across).Select(i => Height(i, j)).ToArray())];
        GenericChart chart = Chart.Surface<double, double, double, string>(
            zData: Array.Empty<double[]>(),
            X: Enumerable.Range(0, across).Select(i => Place(i, across)).ToArray(), Y: Enumerable.Range(0, up).Select(j => Place(j, up)).ToArray(),
            ShowScale: false, UseDefaults: false);
        With(chart, ("z", heights), ("colorscale", "Viridis"), ("cmin", low), ("cmax", high),
            ("hovertemplate", "adversarial %{x:.2f} ε<br>random %{y:.2f} ε<br>loss %{z:.3f}<extra></extra>"),
            ("contours", Object(("z", Object(("show", true), ("usecolormap", true), ("project", Object(("z", true))))))));
        Layout layout = new();
        layout.SetProperty("height", SurfaceHeight);
        layout.SetProperty("margin", Object(("l", 0), ("r", 0), ("t", 0), ("b", 0)));
        layout.SetProperty("scene", Object(
            ("xaxis", Axis(("title", Title(panels.XTitle)), ("nticks", Ticks + 1))),
            ("yaxis", Axis(("title", Title(panels.YTitle)), ("nticks", Ticks + 1))),
            ("zaxis", Axis(("title", Title("loss")), ("nticks", Ticks), ("range", new[] { low - ((high - low) / 3), high }))),
            ("aspectmode", "manual"), ("aspectratio", Object(("x", 1), ("y", 1), ("z", 0.75))),
            ("camera", Object(("eye", Object(("x", 1.3), ("y", -1.4), ("z", 0.75))), ("center", Object(("x", 0), ("y", 0), ("z", -0.2)))))));
        return GenericChart.setLayout(layout, chart);
    }

    private static XElement Empty(string? title, string sentence) => Html.Of(
        "div", Html.Class("panel"), title is null ? null : Html.Of("h3", title), Html.Of("p", Html.Class("empty"), sentence));

    /// <summary>A place for a chart, with its data; charts.js draws it.</summary>
    private static XElement Panel(string? title, string description, int height, GenericChart chart) => Html.Of(
        "div", Html.Class("panel"),
        title is null ? null : Html.Of("h3", title),
        Html.Of(
            "div", Html.Class(ClassName), new XAttribute("role", "img"), new XAttribute("aria-label", description),
            new XAttribute("style", $"min-height:{height}px"),
            // JSON has no need of <, and in HTML it could end the script.
            Html.Of("script", new XAttribute("type", Specification),
                GenericChart.toFigureJson(chart).Replace("<", "\\u003c", StringComparison.Ordinal))));

    private static Layout ChartLayout(int height, DynamicObj.DynamicObj x, DynamicObj.DynamicObj y)
    {
        Layout layout = new();
        layout.SetProperty("height", height);
        layout.SetProperty("xaxis", x);
        layout.SetProperty("yaxis", y);
        return layout;
    }

    private static DynamicObj.DynamicObj XAxis(LinePanel panel) =>
        panel.XTicks.Count == 0
            ? Axis(("title", Title(panel.XTitle)), ("rangemode", "tozero"), ("exponentformat", "none"))
            : Axis(("title", Title(panel.XTitle)), ("tickvals", panel.XTicks.Keys.ToArray()), ("ticktext", panel.XTicks.Values.ToArray()));

    private static DynamicObj.DynamicObj Axis(params ReadOnlySpan<(string Name, object? Value)> properties) => Object(properties);

    private static DynamicObj.DynamicObj Title(string text) => Object(("text", text));

    private static DynamicObj.DynamicObj Whiskers(IEnumerable<(double Value, double Low, double High)> ends)
    {
        (double Value, double Low, double High)[] all = [.. ends];
        return Object(
            ("type", "data"), ("symmetric", false), ("thickness", 1.2), ("width", 3),
            ("array", all.Select(end => end.High - end.Value).ToArray()), ("arrayminus", all.Select(end => end.Value - end.Low).ToArray()));
    }

    private static GenericChart With(GenericChart chart, params ReadOnlySpan<(string Name, object Value)> properties)
    {
        Trace trace = chart.GetTraces().Single();
        foreach ((string name, object value) in properties)
        {
            trace.SetProperty(name, value);
        }
        return chart;
    }

    /// <summary>An object without the properties that have no value.</summary>
    private static DynamicObj.DynamicObj Object(params ReadOnlySpan<(string Name, object? Value)> properties)
    {
        DynamicObj.DynamicObj made = new();
        foreach ((string name, object? value) in properties)
        {
            if (value is not null)
            {
                made.SetProperty(name, value);
            }
        }
        return made;
    }

    private static string Colour(int series) => ChartStyle.Series(series).ToHex();
}
