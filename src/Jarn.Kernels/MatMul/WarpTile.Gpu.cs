using ILGPU.Runtime.Cuda;

namespace Jarn.Kernels;

/// <summary>
/// A warp's 64×64 or 64×32 sums of a product on tensor cores, and what adds to them, in inline PTX. All in registers that PTX knows by name:
/// variables that inline PTX writes to would live in memory.
/// </summary>
/// <remarks>
/// a₄ᵢ…a₄ᵢ₊₃ hold rows 16i to 16i+15 of the left factor at eight terms: the upper eight rows at terms 0 to 3, the lower, then both at terms 4 to 7.
/// b₂ⱼ and b₂ⱼ₊₁ hold columns 8j to 8j+7 of the right factor at terms 0 to 3 and 4 to 7. Lane l has of the eight the row or column l/4, of the four
/// the term l mod 4. c₄₍₈ᵢ₊ⱼ₎ and the next three are sums: the upper row l/4 in columns 2(l mod 4) and one more, then the lower row (PTX ISA, "Matrix
/// Fragments for mma.m16n8k8").
/// </remarks>
internal static class WarpTile
{
    public const int Rows = 64, MostColumns = 64;

    private const string Mma = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 ";

    /// <summary>
    /// Four times eight rows of 16 bytes, each of which a lane gives the address of; of every eight, a lane is given the four bytes described above.
    /// </summary>
    private const string Matrices = "ldmatrix.sync.aligned.m8n8.x4.shared.b16 ";

    private const string Load = "ld.shared.b32 ";

    /// <summary>To the nearest of eleven bits, from the middle away from zero; mma itself cuts off.</summary>
    private const string Round = "cvt.rna.tf32.f32 ";

    private const string Store = "st.global.v2.f32 [%0";

    /// <summary>The columns 8i and 8i + 1 from the lane's first on, where they are the result's.</summary>
    private const string To0 = $"@there0 {Store}]", To1 = $"@there1 {Store}+32]", To2 = $"@there2 {Store}+64]", To3 = $"@there3 {Store}+96]";

    private const string To4 = $"@there4 {Store}+128]", To5 = $"@there5 {Store}+160]", To6 = $"@there6 {Store}+192]", To7 = $"@there7 {Store}+224]";

    private const string A0 = "{a0,a1,a2,a3}", A1 = "{a4,a5,a6,a7}", A2 = "{a8,a9,a10,a11}", A3 = "{a12,a13,a14,a15}";

    private const string B0 = "{b0,b1}", B1 = "{b2,b3}", B2 = "{b4,b5}", B3 = "{b6,b7}";
    private const string B4 = "{b8,b9}", B5 = "{b10,b11}", B6 = "{b12,b13}", B7 = "{b14,b15}";

    /// <summary>The address of a lane's row in the first sixteen.</summary>
    private const string InSummedRows = "add.u32 at0, stages, %0;";

    /// <summary>
    /// The addresses of a lane's element in each of four eights, %1 bytes behind the tile's first row, and of those four terms on, %2 bytes behind.
    /// </summary>
    private const string InOuterRows = """
        add.u32 at0, stages, %0; xor.b32 at1, at0, 32; xor.b32 at2, at0, 64; xor.b32 at3, at0, 96;
        add.u32 at4, at0, %2; add.u32 at5, at1, %2; add.u32 at6, at2, %2; add.u32 at7, at3, %2;
        add.u32 at0, at0, %1; add.u32 at1, at1, %1; add.u32 at2, at2, %1; add.u32 at3, at3, %1;
        """;

    private const string RoundLeft = $"""
        {Round}a0, a0; {Round}a1, a1; {Round}a2, a2; {Round}a3, a3;
        {Round}a4, a4; {Round}a5, a5; {Round}a6, a6; {Round}a7, a7;
        {Round}a8, a8; {Round}a9, a9; {Round}a10, a10; {Round}a11, a11;
        {Round}a12, a12; {Round}a13, a13; {Round}a14, a14; {Round}a15, a15;
        """;

    private const string RoundRight = $"""
        {Round}b0, b0; {Round}b1, b1; {Round}b2, b2; {Round}b3, b3;
        {Round}b4, b4; {Round}b5, b5; {Round}b6, b6; {Round}b7, b7;
        """;

    private const string RoundRightEnd = $"""
        {Round}b8, b8; {Round}b9, b9; {Round}b10, b10; {Round}b11, b11;
        {Round}b12, b12; {Round}b13, b13; {Round}b14, b14; {Round}b15, b15;
        """;

    /// <summary>Names the registers; only those that are used become some.</summary>
    public static void Declare() =>
        CudaAsm.Emit(".reg .f32 c<128>; .reg .b32 a<16>; .reg .b32 b<16>; .reg .u32 stages; .reg .u32 at<8>; .reg .u64 from; .reg .pred there<8>;");

    public static void ClearSums() => CudaAsm.Emit("""
        mov.b64 {c0,c1}, 0; mov.b64 {c2,c3}, 0; mov.b64 {c4,c5}, 0; mov.b64 {c6,c7}, 0;
        mov.b64 {c8,c9}, 0; mov.b64 {c10,c11}, 0; mov.b64 {c12,c13}, 0; mov.b64 {c14,c15}, 0;
        mov.b64 {c16,c17}, 0; mov.b64 {c18,c19}, 0; mov.b64 {c20,c21}, 0; mov.b64 {c22,c23}, 0;
        mov.b64 {c24,c25}, 0; mov.b64 {c26,c27}, 0; mov.b64 {c28,c29}, 0; mov.b64 {c30,c31}, 0;
        mov.b64 {c32,c33}, 0; mov.b64 {c34,c35}, 0; mov.b64 {c36,c37}, 0; mov.b64 {c38,c39}, 0;
        mov.b64 {c40,c41}, 0; mov.b64 {c42,c43}, 0; mov.b64 {c44,c45}, 0; mov.b64 {c46,c47}, 0;
        mov.b64 {c48,c49}, 0; mov.b64 {c50,c51}, 0; mov.b64 {c52,c53}, 0; mov.b64 {c54,c55}, 0;
        mov.b64 {c56,c57}, 0; mov.b64 {c58,c59}, 0; mov.b64 {c60,c61}, 0; mov.b64 {c62,c63}, 0;
        mov.b64 {c64,c65}, 0; mov.b64 {c66,c67}, 0; mov.b64 {c68,c69}, 0; mov.b64 {c70,c71}, 0;
        mov.b64 {c72,c73}, 0; mov.b64 {c74,c75}, 0; mov.b64 {c76,c77}, 0; mov.b64 {c78,c79}, 0;
        mov.b64 {c80,c81}, 0; mov.b64 {c82,c83}, 0; mov.b64 {c84,c85}, 0; mov.b64 {c86,c87}, 0;
        mov.b64 {c88,c89}, 0; mov.b64 {c90,c91}, 0; mov.b64 {c92,c93}, 0; mov.b64 {c94,c95}, 0;
        mov.b64 {c96,c97}, 0; mov.b64 {c98,c99}, 0; mov.b64 {c100,c101}, 0; mov.b64 {c102,c103}, 0;
        mov.b64 {c104,c105}, 0; mov.b64 {c106,c107}, 0; mov.b64 {c108,c109}, 0; mov.b64 {c110,c111}, 0;
        mov.b64 {c112,c113}, 0; mov.b64 {c114,c115}, 0; mov.b64 {c116,c117}, 0; mov.b64 {c118,c119}, 0;
        mov.b64 {c120,c121}, 0; mov.b64 {c122,c123}, 0; mov.b64 {c124,c125}, 0; mov.b64 {c126,c127}, 0;
        """);

    /// <param name="from">Byte in the stages that this lane begins to read at: see <see cref="StagedOperand{TOperand}"/>.</param>
    public static void LoadLeftFromSummedRows(uint from) => CudaAsm.Emit($$"""
        {{InSummedRows}}
        {{Matrices}}{a0,a1,a2,a3}, [at0]; {{Matrices}}{a4,a5,a6,a7}, [at0+1024];
        {{Matrices}}{a8,a9,a10,a11}, [at0+2048]; {{Matrices}}{a12,a13,a14,a15}, [at0+3072];
        {{RoundLeft}}
        """, from);

    public static void LoadLeftFromOuterRows(uint from, uint terms, uint nextTerms) => CudaAsm.Emit($$"""
        {{InOuterRows}}
        {{Load}}a0, [at0]; {{Load}}a1, [at1]; {{Load}}a2, [at4]; {{Load}}a3, [at5];
        {{Load}}a4, [at2]; {{Load}}a5, [at3]; {{Load}}a6, [at6]; {{Load}}a7, [at7];
        {{Load}}a8, [at0+128]; {{Load}}a9, [at1+128]; {{Load}}a10, [at4+128]; {{Load}}a11, [at5+128];
        {{Load}}a12, [at2+128]; {{Load}}a13, [at3+128]; {{Load}}a14, [at6+128]; {{Load}}a15, [at7+128];
        {{RoundLeft}}
        """, from, terms, nextTerms);

    /// <summary>The first 32 columns.</summary>
    public static void LoadRightFromSummedRows(uint from) => CudaAsm.Emit($$"""
        {{InSummedRows}}
        {{Matrices}}{b0,b1,b2,b3}, [at0]; {{Matrices}}{b4,b5,b6,b7}, [at0+1024];
        {{RoundRight}}
        """, from);

    public static void LoadRightFromOuterRows(uint from, uint terms, uint nextTerms) => CudaAsm.Emit($$"""
        {{InOuterRows}}
        {{Load}}b0, [at0]; {{Load}}b1, [at4]; {{Load}}b2, [at1]; {{Load}}b3, [at5];
        {{Load}}b4, [at2]; {{Load}}b5, [at6]; {{Load}}b6, [at3]; {{Load}}b7, [at7];
        {{RoundRight}}
        """, from, terms, nextTerms);

    /// <summary>The other 32 columns, after the first.</summary>
    public static void LoadRightEndFromSummedRows() => CudaAsm.Emit($$"""
        {{Matrices}}{b8,b9,b10,b11}, [at0+2048]; {{Matrices}}{b12,b13,b14,b15}, [at0+3072];
        {{RoundRightEnd}}
        """);

    public static void LoadRightEndFromOuterRows() => CudaAsm.Emit($$"""
        {{Load}}b8, [at0+128]; {{Load}}b9, [at4+128]; {{Load}}b10, [at1+128]; {{Load}}b11, [at5+128];
        {{Load}}b12, [at2+128]; {{Load}}b13, [at6+128]; {{Load}}b14, [at3+128]; {{Load}}b15, [at7+128];
        {{RoundRightEnd}}
        """);

    /// <summary>sums += left·right for the first 32 columns.</summary>
    public static void Multiply() => CudaAsm.Emit($$"""
        {{Mma}}{c0,c1,c2,c3}, {{A0}}, {{B0}}, {c0,c1,c2,c3};
        {{Mma}}{c4,c5,c6,c7}, {{A0}}, {{B1}}, {c4,c5,c6,c7};
        {{Mma}}{c8,c9,c10,c11}, {{A0}}, {{B2}}, {c8,c9,c10,c11};
        {{Mma}}{c12,c13,c14,c15}, {{A0}}, {{B3}}, {c12,c13,c14,c15};
        {{Mma}}{c32,c33,c34,c35}, {{A1}}, {{B0}}, {c32,c33,c34,c35};
        {{Mma}}{c36,c37,c38,c39}, {{A1}}, {{B1}}, {c36,c37,c38,c39};
        {{Mma}}{c40,c41,c42,c43}, {{A1}}, {{B2}}, {c40,c41,c42,c43};
        {{Mma}}{c44,c45,c46,c47}, {{A1}}, {{B3}}, {c44,c45,c46,c47};
        {{Mma}}{c64,c65,c66,c67}, {{A2}}, {{B0}}, {c64,c65,c66,c67};
        {{Mma}}{c68,c69,c70,c71}, {{A2}}, {{B1}}, {c68,c69,c70,c71};
        {{Mma}}{c72,c73,c74,c75}, {{A2}}, {{B2}}, {c72,c73,c74,c75};
        {{Mma}}{c76,c77,c78,c79}, {{A2}}, {{B3}}, {c76,c77,c78,c79};
        {{Mma}}{c96,c97,c98,c99}, {{A3}}, {{B0}}, {c96,c97,c98,c99};
        {{Mma}}{c100,c101,c102,c103}, {{A3}}, {{B1}}, {c100,c101,c102,c103};
        {{Mma}}{c104,c105,c106,c107}, {{A3}}, {{B2}}, {c104,c105,c106,c107};
        {{Mma}}{c108,c109,c110,c111}, {{A3}}, {{B3}}, {c108,c109,c110,c111};
        """);

    /// <summary>sums += left·right for the other 32 columns.</summary>
    public static void MultiplyEnd() => CudaAsm.Emit($$"""
        {{Mma}}{c16,c17,c18,c19}, {{A0}}, {{B4}}, {c16,c17,c18,c19};
        {{Mma}}{c20,c21,c22,c23}, {{A0}}, {{B5}}, {c20,c21,c22,c23};
        {{Mma}}{c24,c25,c26,c27}, {{A0}}, {{B6}}, {c24,c25,c26,c27};
        {{Mma}}{c28,c29,c30,c31}, {{A0}}, {{B7}}, {c28,c29,c30,c31};
        {{Mma}}{c48,c49,c50,c51}, {{A1}}, {{B4}}, {c48,c49,c50,c51};
        {{Mma}}{c52,c53,c54,c55}, {{A1}}, {{B5}}, {c52,c53,c54,c55};
        {{Mma}}{c56,c57,c58,c59}, {{A1}}, {{B6}}, {c56,c57,c58,c59};
        {{Mma}}{c60,c61,c62,c63}, {{A1}}, {{B7}}, {c60,c61,c62,c63};
        {{Mma}}{c80,c81,c82,c83}, {{A2}}, {{B4}}, {c80,c81,c82,c83};
        {{Mma}}{c84,c85,c86,c87}, {{A2}}, {{B5}}, {c84,c85,c86,c87};
        {{Mma}}{c88,c89,c90,c91}, {{A2}}, {{B6}}, {c88,c89,c90,c91};
        {{Mma}}{c92,c93,c94,c95}, {{A2}}, {{B7}}, {c92,c93,c94,c95};
        {{Mma}}{c112,c113,c114,c115}, {{A3}}, {{B4}}, {c112,c113,c114,c115};
        {{Mma}}{c116,c117,c118,c119}, {{A3}}, {{B5}}, {c116,c117,c118,c119};
        {{Mma}}{c120,c121,c122,c123}, {{A3}}, {{B6}}, {c120,c121,c122,c123};
        {{Mma}}{c124,c125,c126,c127}, {{A3}}, {{B7}}, {c124,c125,c126,c127};
        """);

    /// <param name="columns">The columns that the result has from the lane's first on. What lies beyond is not stored.</param>
    public static void Limit(int columns) => CudaAsm.Emit("""
        setp.gt.s32 there0, %0, 0; setp.gt.s32 there1, %0, 8; setp.gt.s32 there2, %0, 16; setp.gt.s32 there3, %0, 24;
        setp.gt.s32 there4, %0, 32; setp.gt.s32 there5, %0, 40; setp.gt.s32 there6, %0, 48; setp.gt.s32 there7, %0, 56;
        """, columns);

    /// <param name="to">Address of the lane's first sum in its first row; 0 where that is none of the result's.</param>
    public static void StoreRow0(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c0,c1}; {{To1}}, {c4,c5}; {{To2}}, {c8,c9}; {{To3}}, {c12,c13};
                {{To4}}, {c16,c17}; {{To5}}, {c20,c21}; {{To6}}, {c24,c25}; {{To7}}, {c28,c29};
                """, to);
        }
    }

    /// <summary>The same for the row eight below, and so on.</summary>
    public static void StoreRow8(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c2,c3}; {{To1}}, {c6,c7}; {{To2}}, {c10,c11}; {{To3}}, {c14,c15};
                {{To4}}, {c18,c19}; {{To5}}, {c22,c23}; {{To6}}, {c26,c27}; {{To7}}, {c30,c31};
                """, to);
        }
    }

    public static void StoreRow16(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c32,c33}; {{To1}}, {c36,c37}; {{To2}}, {c40,c41}; {{To3}}, {c44,c45};
                {{To4}}, {c48,c49}; {{To5}}, {c52,c53}; {{To6}}, {c56,c57}; {{To7}}, {c60,c61};
                """, to);
        }
    }

    public static void StoreRow24(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c34,c35}; {{To1}}, {c38,c39}; {{To2}}, {c42,c43}; {{To3}}, {c46,c47};
                {{To4}}, {c50,c51}; {{To5}}, {c54,c55}; {{To6}}, {c58,c59}; {{To7}}, {c62,c63};
                """, to);
        }
    }

    public static void StoreRow32(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c64,c65}; {{To1}}, {c68,c69}; {{To2}}, {c72,c73}; {{To3}}, {c76,c77};
                {{To4}}, {c80,c81}; {{To5}}, {c84,c85}; {{To6}}, {c88,c89}; {{To7}}, {c92,c93};
                """, to);
        }
    }

    public static void StoreRow40(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c66,c67}; {{To1}}, {c70,c71}; {{To2}}, {c74,c75}; {{To3}}, {c78,c79};
                {{To4}}, {c82,c83}; {{To5}}, {c86,c87}; {{To6}}, {c90,c91}; {{To7}}, {c94,c95};
                """, to);
        }
    }

    public static void StoreRow48(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c96,c97}; {{To1}}, {c100,c101}; {{To2}}, {c104,c105}; {{To3}}, {c108,c109};
                {{To4}}, {c112,c113}; {{To5}}, {c116,c117}; {{To6}}, {c120,c121}; {{To7}}, {c124,c125};
                """, to);
        }
    }

    public static void StoreRow56(long to)
    {
        if (to != 0)
        {
            CudaAsm.Emit($$"""
                {{To0}}, {c98,c99}; {{To1}}, {c102,c103}; {{To2}}, {c106,c107}; {{To3}}, {c110,c111};
                {{To4}}, {c114,c115}; {{To5}}, {c118,c119}; {{To6}}, {c122,c123}; {{To7}}, {c126,c127};
                """, to);
        }
    }
}
