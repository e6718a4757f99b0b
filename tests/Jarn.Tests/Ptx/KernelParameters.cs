using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;

namespace Jarn.Tests.Ptx;

/// <summary>
/// A kernel's argument as ILGPU lays it out for PTX: fields in order, each aligned to its size; a view is a pointer and a length of 64 bits, a
/// structure is aligned to its largest field and as long as a multiple of that, one without fields is a byte.
/// </summary>
internal sealed class KernelParameters
{
    private readonly List<byte> _bytes = [];
    private readonly List<MemoryView> _views = [];

    public byte[] Bytes => [.. _bytes];

    /// <summary>What the kernel may access.</summary>
    public IReadOnlyList<MemoryView> Views => _views;

    public static KernelParameters Of<TArguments>(TArguments arguments) where TArguments : struct
    {
        KernelParameters parameters = new();
        parameters.Append(arguments);
        return parameters;
    }

    private void Append(object value)
    {
        AlignTo(Alignment(value.GetType()));
        if (IsView(value.GetType()))
        {
            MemoryView view = (MemoryView)ViewOf.MakeGenericMethod(value.GetType().GetGenericArguments()).Invoke(null, [value])!;
            _views.Add(view);
            Append(view.Address);
            Append((long)view.Bytes / Marshal.SizeOf(value.GetType().GetGenericArguments()[0]));
        }
        else if (value.GetType().IsPrimitive)
        {
            _bytes.AddRange(BytesOf(value));
        }
        else
        {
            FieldInfo[] fields = Fields(value.GetType());
            foreach (FieldInfo field in fields)
            {
                Append(field.GetValue(value)!);
            }
            if (fields.Length == 0)
            {
                _bytes.Add(0);
            }
            AlignTo(Alignment(value.GetType()));
        }
    }

    private static byte[] BytesOf(object value) => value switch
    {
        bool flag => [flag ? (byte)1 : (byte)0],
        byte number => [number],
        sbyte number => [(byte)number],
        short number => BitConverter.GetBytes(number),
        ushort number => BitConverter.GetBytes(number),
        int number => BitConverter.GetBytes(number),
        uint number => BitConverter.GetBytes(number),
        long number => BitConverter.GetBytes(number),
        ulong number => BitConverter.GetBytes(number),
        float number => BitConverter.GetBytes(number),
        double number => BitConverter.GetBytes(number),
        _ => throw new PtxException($"an argument of type {value.GetType()}"),
    };

    private static int Alignment(Type type) => type.IsPrimitive ? type == typeof(bool) ? 1 : Marshal.SizeOf(type)
        : IsView(type) ? sizeof(ulong) : Fields(type).Select(field => Alignment(field.FieldType)).DefaultIfEmpty(1).Max();

    private static FieldInfo[] Fields(Type type) =>
        [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken)];

    private static bool IsView(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>);

    private void AlignTo(int alignment)
    {
        while (_bytes.Count % alignment != 0)
        {
            _bytes.Add(0);
        }
    }

    private static readonly MethodInfo ViewOf = typeof(KernelParameters).GetMethod(nameof(View), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static MemoryView View<T>(ArrayView<T> view) where T : unmanaged
    {
        if (view.Length == 0)
        {
            return default;
        }
        ref T first = ref view[0];
        ulong address = (ulong)Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref Unsafe.As<T, byte>(ref first));
        return new MemoryView(address, (ulong)view.LengthInBytes);
    }
}
