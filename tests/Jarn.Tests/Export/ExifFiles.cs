using System.Buffers.Binary;
using System.IO.Hashing;

namespace Jarn.Tests.Export;

/// <summary>EXIF data, and where the image formats have them.</summary>
internal static class ExifFiles
{
    /// <summary>A TIFF header and a directory of the one tag 0x0112.</summary>
    public static byte[] Orientation(int value, bool bigEndian)
    {
        byte[] exif = new byte[26];
        (bigEndian ? "MM"u8 : "II"u8).CopyTo(exif);
        Put(2, 42);
        Put(bigEndian ? 6 : 4, 8);
        Put(8, 1);
        Put(10, 0x0112);
        Put(12, 3);
        Put(bigEndian ? 16 : 14, 1);
        Put(18, (ushort)value);
        return exif;

        void Put(int at, ushort number)
        {
            if (bigEndian)
            {
                BinaryPrimitives.WriteUInt16BigEndian(exif.AsSpan(at), number);
            }
            else
            {
                BinaryPrimitives.WriteUInt16LittleEndian(exif.AsSpan(at), number);
            }
        }
    }

    /// <summary>An APP1 segment behind the start of the image.</summary>
    public static byte[] InJpeg(byte[] jpeg, byte[] exif)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(2 + 6 + exif.Length));
        return [.. jpeg[..2], 0xff, 0xe1, .. length, .. "Exif\0\0"u8, .. exif, .. jpeg[2..]];
    }

    /// <summary>A chunk eXIf behind the header.</summary>
    public static byte[] InPng(byte[] png, byte[] exif)
    {
        byte[] length = new byte[4], checksum = new byte[4], chunk = [.. "eXIf"u8, .. exif];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)exif.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32.HashToUInt32(chunk));
        const int headerEnd = 33;
        return [.. png[..headerEnd], .. length, .. chunk, .. checksum, .. png[headerEnd..]];
    }

    /// <summary>The extended format: a chunk VP8X that announces EXIF data, the image, a chunk EXIF.</summary>
    public static byte[] InWebp(byte[] webp, byte[] exif, int width, int height)
    {
        byte[] extended = [.. "WEBPVP8X"u8, .. Little(10), 0x08, 0, 0, 0, .. Little(width - 1)[..3], .. Little(height - 1)[..3]];
        byte[] content = [.. extended, .. webp[12..], .. "EXIF"u8, .. Little(exif.Length), .. exif, .. new byte[exif.Length % 2]];
        return [.. "RIFF"u8, .. Little(content.Length), .. content];
    }

    private static byte[] Little(int number)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
