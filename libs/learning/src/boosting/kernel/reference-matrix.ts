import type { MatrixFunctions } from './kernel';
import { exponential } from './reference-doubles';

/** assembly/matrix.ts in plain TypeScript: the same sums in the same order, bit for bit. */
export function matrixFunctionsOver(f64: Float64Array): MatrixFunctions {
  const inPlace = (values: number, bytes: number, of: (value: number, i: number) => number): void => {
    for (let i = 0; i < bytes >> 3; i++) f64[(values >> 3) + i] = of(f64[(values >> 3) + i]!, i);
  };
  return {
    multiply(rows, columns, depth, a, aRow, aStep, b, bRow, c, cRow, add) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const at = ((c + row * cRow) >> 3) + column;
          let sum = add ? f64[at]! : 0;
          for (let k = 0; k < depth; k++) {
            sum += f64[(a + row * aRow + k * aStep) >> 3]! * f64[((b + k * bRow) >> 3) + column]!;
          }
          f64[at] = sum;
        }
      }
    },
    transpose(rows, columns, from, fromRow, to, toRow) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          f64[((to + column * toRow) >> 3) + row] = f64[((from + row * fromRow) >> 3) + column]!;
        }
      }
    },
    rectify: (values, bytes) => inPlace(values, bytes, (value) => Math.max(value, 0)),
    slopesOfRectified(slopes, rectified, bytes) {
      inPlace(slopes, bytes, (value, i) => (f64[(rectified >> 3) + i]! > 0 ? value : 0));
    },
    exponentials: (values, bytes) => inPlace(values, bytes, exponential),
    adam(parameters, gradient, mean, square, bytes, rows, l2, learningRate, meanShare, squareShare) {
      const [g, m, s] = [gradient >> 3, mean >> 3, square >> 3];
      inPlace(parameters, bytes, (value, i) => {
        const slope = f64[g + i]! / rows + l2 * value;
        f64[g + i] = 0;
        f64[m + i] = 0.9 * f64[m + i]! + 0.1 * slope;
        f64[s + i] = 0.999 * f64[s + i]! + 0.001 * (slope * slope);
        const root = Math.sqrt(f64[s + i]! / squareShare) + 1e-8;
        return value - (learningRate * (f64[m + i]! / meanShare)) / root;
      });
    },
  };
}
