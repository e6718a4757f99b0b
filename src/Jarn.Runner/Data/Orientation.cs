using System.Buffers.Binary;
using SkiaSharp;

namespace Jarn.Runner.Data;

/// <summary>
/// How an image file says that it is to be turned or mirrored for display: EXIF's tag 0x0112. The decoder reads it in JPEG and in most WebP files; a
/// PNG's chunk eXIf, and a WebP's with JPEG's prefix before it, are read here.
/// </summary>
internal static class Orientation
{
    private const int Tag = 0x0112, Short = 3, EntryLength = 12;

    /// <summary>EXIF data fit into one segment of a JPEG; more of it in another format is not worth the memory.</summary>
    private const int MostExif = 1 << 16;

    /// <summary>
    /// Reads a chunk's name and length, in the format's order: how long its content is, what stands behind it, and whether it is the wanted one.
    /// </summary>
    private delegate (long Length, int Padding, bool IsWanted) ChunkHeader(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name);

    private static ReadOnlySpan<byte> PngSignature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    private static ReadOnlySpan<byte> JpegPrefix => "Exif\0\0"u8;

    /// <param name="codec">The decoder of the file.</param>
    /// <param name="file">The file, which must be seekable. Its position is changed.</param>
    public static SKEncodedOrigin Of(SKCodec codec, Stream file)
    {
        if (codec.EncodedOrigin != SKEncodedOrigin.TopLeft)
        {
            return codec.EncodedOrigin;
        }
        byte[]? exif = codec.EncodedFormat switch
        {
            SKEncodedImageFormat.Png => Chunk(file, PngSignature.Length, "eXIf"u8, Png),
            SKEncodedImageFormat.Webp => Chunk(file, "RIFF....WEBP".Length, "EXIF"u8, Riff),
            _ => null,
        };
        return exif is null ? SKEncodedOrigin.TopLeft : OfExif(exif);
    }

    /// <summary>Maps a position in the decoded pixels to one in the upright picture.</summary>
    public static SKMatrix Matrix(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    /// <summary>Whether width and height change places.</summary>
    public static bool IsTransposed(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    private static (long Length, int Padding, bool IsWanted) Png(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name) =>
        (BinaryPrimitives.ReadUInt32BigEndian(header), sizeof(uint), header[4..].SequenceEqual(name));

    private static (long Length, int Padding, bool IsWanted) Riff(ReadOnlySpan<byte> header, ReadOnlySpan<byte> name)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return (length, (int)(length % 2), header[..4].SequenceEqual(name));
    }

    /// <summary>The content of the first chunk of a name; null where there is none that is whole.</summary>
    private static byte[]? Chunk(Stream file, int begin, ReadOnlySpan<byte> name, ChunkHeader read)
    {
        Span<byte> header = stackalloc byte[8];
        file.Position = begin;
        while (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length)
        {
            (long length, int padding, bool isWanted) = read(header, name);
            if (length > file.Length - file.Position)
            {
                return null;
            }
            if (isWanted)
            {
                byte[] content = new byte[Math.Min(length, MostExif)];
                file.ReadExactly(content);
                return content;
            }
            file.Position += length + padding;
        }
        return null;
    }

    /// <summary>
    /// The first value of the tag in the first directory of TIFF's format; upright where there is none or it makes no sense, as viewers do.
    /// </summary>
    private static SKEncodedOrigin OfExif(ReadOnlySpan<byte> exif)
    {
        ReadOnlySpan<byte> tiff = exif.StartsWith(JpegPrefix) ? exif[JpegPrefix.Length..] : exif;
        bool little = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || (!little && !tiff.StartsWith("MM"u8)))
        {
            return SKEncodedOrigin.TopLeft;
        }
        long directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory + 2 > tiff.Length)
        {
            return SKEncodedOrigin.TopLeft;
        }
        int entries = Number(tiff[(int)directory..], little);
        ReadOnlySpan<byte> rest = tiff[((int)directory + 2)..];
        for (; entries > 0 && rest.Length >= EntryLength; entries--, rest = rest[EntryLength..])
        {
            if (Number(rest, little) == Tag && Number(rest[2..], little) == Short && Number(rest[8..], little) is >= 1 and <= 8 and var value)
            {
                return (SKEncodedOrigin)value;
            }
        }
        return SKEncodedOrigin.TopLeft;
    }

    private static int Number(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
