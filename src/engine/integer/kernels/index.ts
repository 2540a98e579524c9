export {depthwise} from './depthwise';
export {dequantise, lookUp, quantise, softmax} from './elements';
export {gemm} from './gemm';
export {unfold, widen} from './images';
export {averagePool, maxPool, mean} from './pools';
export {add, copy, fill, multiply} from './strided';
