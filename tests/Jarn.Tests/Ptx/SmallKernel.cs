using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jarn.Tests.Ptx;

/// <summary>A few lines of PTX made a kernel, with arrays that it is given; %p0, %p1, … point to them.</summary>
internal sealed class SmallKernel(string body, string declarations = "")
{
    /// <summary>%tid.x, and the byte offsets of the thread's word and of its 8 bytes.</summary>
    private const string Thread = "mov.u32 %tid, %tid.x; mul.wide.u32 %word, %tid, 4; mul.wide.u32 %long, %tid, 8;";

    public int Groups { get; init; } = 1;

    public int Threads { get; init; } = Warp.Size;

    public void Run(params Array[] arrays)
    {
        Pinned[] memory = [.. arrays.Select(array => new Pinned(array))];
        byte[] parameters = [.. memory.SelectMany(pinned => BitConverter.GetBytes(pinned.View.Address))];
        PtxProgram.Decode(Text(arrays.Length))
            .Run(new PtxLaunch(Groups, Threads, parameters, new GlobalMemory(memory.Select(pinned => pinned.View))));
        foreach ((Pinned pinned, Array array) in memory.Zip(arrays))
        {
            pinned.CopyTo(array);
        }
    }

    /// <summary>The result that each thread leaves in %result, a register of 32 bits.</summary>
    public uint[] Results(params Array[] arrays)
    {
        uint[] results = new uint[Groups * Threads];
        string store = $"""
            mov.u32 %results, %ctaid.x; mov.u32 %group, %ntid.x; mad.lo.u32 %results, %results, %group, %tid;
            mul.wide.u32 %long, %results, 4; add.u64 %long, %p{arrays.Length}, %long; st.global.b32 [%long], %result;
            """;
        new SmallKernel(body + store, ".reg .b32 %result, %results, %group; " + declarations) { Groups = Groups, Threads = Threads }
            .Run([.. arrays, results]);
        return results;
    }

    /// <summary>d of one instruction for each of the operands: a[0], b[0], …, then a[1], b[1], …; all as bits.</summary>
    public static ulong[] Evaluate(string instruction, string resultType, params (string Type, ulong[] Values)[] operands)
    {
        ulong[] results = new ulong[operands[0].Values.Length];
        string[] names = ["a", "b", "c", "e"];
        string registers = $".reg .b64 %at; .reg .pred p, q; .reg .{resultType} d;"
            + string.Concat(operands.Zip(names, (operand, name) => $" .reg .{operand.Type} {name};"));
        string loads = string.Concat(operands.Select((operand, i) =>
            $"add.u64 %at, %p{i}, %long; ld.global.b{operand.Type[1..]} {names[i]}, [%at];\n"));
        SmallKernel kernel = new(
            $"{loads} {instruction}\n add.u64 %at, %p{operands.Length}, %long; st.global.b{resultType[1..]} [%at], d;", registers)
        {
            Threads = results.Length,
        };
        kernel.Run([.. operands.Select(operand => operand.Values), results]);
        return results;
    }

    private string Text(int arrays) => $$"""
        .version 8.0
        .target sm_80
        .address_size 64
        .visible .entry Small(.param .align 8 .b8 arguments[{{8 * arrays}}])
        {
            .reg .b64 %p<{{arrays}}>;
            .reg .b32 %tid;
            .reg .b64 %word, %long;
            {{declarations}}
            {{string.Join('\n', Enumerable.Range(0, arrays).Select(i => $"ld.param.b64 %p{i}, [arguments+{8 * i}];"))}}
            {{Thread}}
            {{body}}
            ret;
        }
        """;

    /// <summary>A copy that stays where it is, aligned as cudaMalloc does it.</summary>
    private sealed class Pinned
    {
        private const int Alignment = 256;

        private readonly byte[] _bytes;
        private readonly int _start;

        public Pinned(Array array)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(Buffer.ByteLength(array) + Alignment, pinned: true);
            ulong address = (ulong)Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetArrayDataReference(_bytes));
            _start = (int)(Alignment - (address % Alignment));
            View = new MemoryView(address + (ulong)_start, (ulong)Buffer.ByteLength(array));
            Buffer.BlockCopy(array, 0, _bytes, _start, Buffer.ByteLength(array));
        }

        public MemoryView View { get; }

        public void CopyTo(Array array) => Buffer.BlockCopy(_bytes, _start, array, 0, Buffer.ByteLength(array));
    }
}
