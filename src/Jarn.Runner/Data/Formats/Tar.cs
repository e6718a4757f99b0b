using System.Globalization;
using System.Text;

namespace Jarn.Runner.Data;

/// <summary>
/// The files of a tar archive (POSIX.1-1988 and what extends it), read in memory one after another; nothing is ever unpacked to a disk.
/// (System.Formats.Tar allocates what the header of a long name claims, up to 2 GiB, before a byte of that name is there.)
/// </summary>
public static class Tar
{
    private const int BlockLength = 512;

    /// <param name="archive">At its beginning; read to its end.</param>
    /// <param name="visit">Given each regular file's name, without its folders, and its content, of which it may leave any part.</param>
    /// <exception cref="InvalidDataException">The file is not a tar archive, or is damaged or truncated.</exception>
    public static void Read(UntrustedStream archive, Action<string, UntrustedStream> visit)
    {
        Span<byte> header = stackalloc byte[BlockLength];
        while (true)
        {
            archive.ReadExactly(header);
            if (!header.ContainsAnyExcept((byte)0))
            {
                break;
            }
            (string name, char type, long length) = Parse(header);
            using UntrustedStream content = archive.Section(length);
            if (type is '0' or '\0')
            {
                visit(name[(name.LastIndexOf('/') + 1)..], content);
            }
            content.SkipRest();
            using UntrustedStream padding = archive.Section(-length & (BlockLength - 1));
            padding.SkipRest();
        }
        archive.SkipRest();
    }

    private static (string Name, char Type, long Length) Parse(Span<byte> header)
    {
        Span<byte> checksum = header.Slice(148, 8);
        long claimed = Octal(checksum);
        checksum.Fill((byte)' ');
        int sum = 0;
        foreach (byte value in header)
        {
            sum += value;
        }
        return sum == claimed ? (Text(header[..100]), (char)header[156], Octal(header.Slice(124, 12)))
            : throw new InvalidDataException("it is damaged or not a tar archive: the checksum of a header is wrong");
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        long number = 0;
        foreach (char digit in Text(field).Trim())
        {
            number = digit is >= '0' and <= '7' ? (8 * number) + (digit - '0')
                : throw new InvalidDataException(
                    string.Create(CultureInfo.InvariantCulture, $"it is damaged or not a tar archive: a number has the digit 0x{(int)digit:x2}"));
        }
        return number;
    }

    /// <summary>Up to the first zero byte.</summary>
    private static string Text(ReadOnlySpan<byte> field) =>
        Encoding.Latin1.GetString(field[..(field.IndexOf((byte)0) is int end and >= 0 ? end : field.Length)]);
}
