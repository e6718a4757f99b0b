using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace Jarn.Runner.Reporting;

/// <summary>
/// The typeface of all pictures, the same on every machine and there even where no font is installed: Inter (The Inter Project Authors,
/// SIL Open Font License 1.1), out of Avalonia's package of it.
/// </summary>
public sealed class Lettering : IFontResolver
{
    private const string Family = "Inter";
    private const string Package = "Avalonia.Fonts.Inter.dll";

    private static readonly Lazy<SKTypeface> _regular = new(() => Load("Inter-Regular.ttf"));
    private static readonly Lazy<SKTypeface> _bold = new(() => Load("Inter-SemiBold.ttf"));

    private Lettering()
    {
    }

    public static SKTypeface Regular => _regular.Value;

    public static SKTypeface Bold => _bold.Value;

    /// <summary>Has ScottPlot letter its charts the same way; again does nothing.</summary>
    public static void UseInCharts()
    {
        if (!Fonts.FontResolvers.OfType<Lettering>().Any())
        {
            Fonts.FontResolvers.Insert(0, new Lettering());
            Fonts.Default = Family;
        }
    }

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        CreateTypeface(fontName, weight >= FontWeight.SemiBold, slant != FontSlant.Upright);

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName != Family ? null : bold ? Bold : Regular;

    /// <summary>
    /// One file out of the package's resources: the index's length, the index (version, count, and a name, an offset and a length each), the files.
    /// </summary>
    private static SKTypeface Load(string name)
    {
        using Stream package = typeof(Lettering).Assembly.GetManifestResourceStream(Package)!;
        byte[] assembly = new byte[package.Length];
        package.ReadExactly(assembly);
        using BinaryReader resources = new(Assembly.Load(assembly).GetManifestResourceStream("!AvaloniaResources")!);
        int files = sizeof(int) + resources.ReadInt32();
        resources.ReadInt32();
        for (int left = resources.ReadInt32(); left > 0; left--)
        {
            (string file, int offset, int length) = (resources.ReadString(), resources.ReadInt32(), resources.ReadInt32());
            if (Path.GetFileName(file) == name)
            {
                resources.BaseStream.Position = files + offset;
                using SKData data = SKData.CreateCopy(resources.ReadBytes(length));
                return SKTypeface.FromData(data);
            }
        }
        throw new InvalidOperationException($"{Package} has no {name}");
    }
}
