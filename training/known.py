"""Compile the list of known names: canonical spelling, long form and type, from lists that permissively licensed projects keep.

    python training/known.py NAMES.jsonl.gz -o kg/pipes/model/known.tsv

Input, one JSON object a name: name, type, aliases, sources, licences. A name that no permissively licensed source holds is left out,
and of one that others hold too only those aliases stay that spell the name out or shorten it. One row a meaning: a short form with
two long forms has two rows. Forms that ``normal_form`` folds anyway are listed once.

The tables below say what rules cannot: what a class name of a library is called in papers (of libraries of classes nothing else
is taken), which spelling is the usual one, what a short form stands for, and which rows are not names, or not of the type given.
"""

import argparse
import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kg.pipes.acronyms import is_short_form, long_form_start
from kg.records import family
from kg.text import is_short, normal_form, version, without_size

LICENCES = {
    "BenchmarkCards": "MIT",
    "HELM": "Apache-2.0",
    "MTEB": "Apache-2.0",
    "OpenCompass": "Apache-2.0",
    "huggingface.js tasks": "MIT",
    "huggingface/datasets": "Apache-2.0",
    "huggingface/evaluate": "Apache-2.0",
    "lm-evaluation-harness": "MIT",
    "peft/trl/diffusers": "Apache-2.0",
    "pytorch-optimizer": "Apache-2.0",
    "scikit-learn": "BSD-3-Clause",
    "timm": "Apache-2.0",
    "torchmetrics": "Apache-2.0",
    "transformers": "Apache-2.0",
}
"""The sources that names are taken from, all permissively licensed."""

LISTED = {"scikit-learn", "torchmetrics", "huggingface/evaluate", "huggingface.js tasks", "MTEB"}
"""Sources whose rows are classes, modules or page titles: only those that a table below names are taken."""

HEADER = ("# family", "type", "name", "long form", "other spellings", "sources", "licences")

# -- tables: "row, row: name (long form) | other spelling"; "row" alone is a name as it stands; "@source" limits an entry to that source

METRICS = """
accuracy; balanced accuracy; top k accuracy = top-k accuracy; average precision = average precision | AP; precision; recall; specificity
adjusted mutual info, adjusted mutual info score = adjusted mutual information | AMI; adjusted rand, adjusted rand score = adjusted Rand index | ARI
rand score = Rand index; auroc, roc auc = AUC | AUROC | ROC AUC | area under the receiver operating characteristic curve
roc, roc curve = receiver operating characteristic | ROC curve; bert score = BERTScore; bleu, bleu score = BLEU (bilingual evaluation understudy)
sacre bleu score, sacrebleu = SacreBLEU; bleurt = BLEURT; comet = COMET; mauve = MAUVE; brier loss, brier score = Brier score; calibration error
calinski harabasz, calinski harabasz score = Calinski-Harabasz index; davies bouldin, davies bouldin score = Davies-Bouldin index
cer, char error rate = character error rate | CER; wer, word error rate = word error rate | WER; match error rate = match error rate | MER
ter, translation edit rate = TER (translation edit rate); word info lost = word information lost | WIL; word info preserved = word information preserved | WIP
character = CharacTER; charcut = CharCut; chrf, chrf score = chrF; sari = SARI; clip score = CLIPScore; clip iqa = CLIP-IQA; arniqa = ARNIQA
cluster accuracy = clustering accuracy; cohen kappa = Cohen's kappa; fleiss kappa = Fleiss' kappa; confusion matrix
complete intersection over union = CIoU (complete intersection over union); distance intersection over union = DIoU (distance intersection over union)
generalized intersection over union = GIoU (generalized intersection over union); intersection over union = IoU (intersection over union)
mean iou = mIoU (mean intersection over union); concordance corr coef = concordance correlation coefficient | CCC
pearson corr coef, pearson correlation coefficient = Pearson correlation | Pearson correlation coefficient
spearman corr coef, spearman correlation coefficient metric = Spearman correlation | Spearman correlation coefficient
kendall rank corr coef = Kendall's tau | Kendall rank correlation coefficient
matthews corrcoef, matthews corr coef, matthews correlation coefficient = Matthews correlation coefficient | MCC; cramers v = Cramér's V; theils u = Theil's U
cosine similarity; coverage error; critical success index = critical success index | CSI; crps = continuous ranked probability score | CRPS; log loss
zero one loss = zero-one loss; dice = Dice | Dice score | Dice coefficient; generalized dice = generalized Dice; jaccard, jaccard index = Jaccard index
hausdorff distance = Hausdorff distance; panoptic quality = panoptic quality | PQ; dists = DISTS (deep image structure and texture similarity)
dunn index = Dunn index; silhouette, silhouette samples = silhouette score; v measure, v measure score = V-measure; edit = edit distance
extended edit distance = extended edit distance | EED; eer = equal error rate | EER; error relative global dimensionless synthesis = ERGAS
fowlkes mallows, fowlkes mallows index = Fowlkes-Mallows index; euclidean distance, euclidean distances = Euclidean distance
hamming distance = Hamming distance; hamming loss = Hamming loss; mahalanobis distance = Mahalanobis distance; manhattan distance = Manhattan distance
minkowski distance = Minkowski distance; exact match = exact match | EM; explained variance; f1, f1 score = F1 | F1 score; fbeta, fbeta score = F-beta score
frechet inception distance = FID (Fréchet inception distance); kernel inception distance = KID (kernel inception distance)
mifid = MIFID (memorization-informed Fréchet inception distance); inception score = Inception Score; perceptual path length
learned perceptual image patch similarity = LPIPS (learned perceptual image patch similarity); hit rate; infolm = InfoLM
js divergence = Jensen-Shannon divergence | JS divergence; kl divergence = KL divergence | Kullback-Leibler divergence
mutual info, mutual info score = mutual information; label ranking average precision = label ranking average precision | LRAP; label ranking loss
lve = lip vertex error | LVE; map, mean average precision = mAP (mean average precision); mae, mean absolute error = mean absolute error | MAE
mape, mean absolute percentage error = mean absolute percentage error | MAPE; mase = mean absolute scaled error | MASE
smape, symmetric mean absolute percentage error = symmetric mean absolute percentage error | sMAPE
weighted mean absolute percentage error = weighted mean absolute percentage error | WMAPE; mse, mean squared error = mean squared error | MSE
mean squared log error = mean squared logarithmic error | MSLE; median absolute error; root mean squared error = root mean squared error | RMSE
root mean squared log error = root mean squared logarithmic error | RMSLE; normalized root mean squared error = normalized root mean squared error | NRMSE
rse = relative squared error | RSE; r2 score, r_squared = coefficient of determination
meteor = METEOR (metric for evaluation of translation with explicit ordering); rouge, rouge score = ROUGE (recall-oriented understudy for gisting evaluation)
mrr = mean reciprocal rank | MRR; normalized dcg = NDCG (normalized discounted cumulative gain); r precision = R-precision
precision recall curve = precision-recall curve; perplexity; multi scale structural similarity = MS-SSIM (multi-scale structural similarity)
structural similarity = SSIM (structural similarity index measure) | structural similarity
normalized mutual info, normalized mutual info score = normalized mutual information | NMI; negative predictive value = negative predictive value | NPV
deep noise suppression mean opinion score = DNSMOS (deep noise suppression mean opinion score)
non intrusive speech quality assessment = NISQA (non-intrusive speech quality assessment)
perceptual evaluation speech quality = PESQ (perceptual evaluation of speech quality)
short time objective intelligibility = STOI (short-time objective intelligibility)
scale invariant signal distortion ratio = SI-SDR (scale-invariant signal-to-distortion ratio)
scale invariant signal noise ratio = SI-SNR (scale-invariant signal-to-noise ratio); signal distortion ratio = signal-to-distortion ratio | SDR
signal noise ratio = signal-to-noise ratio | SNR; peak signal noise ratio = PSNR (peak signal-to-noise ratio)
speech reverberation modulation energy ratio = SRMR (speech-to-reverberation modulation energy ratio)
relative average spectral error = relative average spectral error | RASE; spatial correlation coefficient = spatial correlation coefficient | SCC
spatial distortion index; spectral distortion index; spectral angle mapper = spectral angle mapper | SAM; universal image quality index
visual information fidelity = visual information fidelity | VIF; vmaf = VMAF (video multi-method assessment fusion)
"""

TASKS = """
abstractive qa = abstractive question answering | abstractive QA; extractive qa = extractive question answering | extractive QA
closed book qa = closed-book question answering | closed-book QA; closed domain qa = closed-domain question answering | closed-domain QA
open domain qa = open-domain question answering | open-domain QA; open book qa = open-book question answering | open-book QA
multiple choice qa = multiple-choice question answering | multiple-choice QA; document question answering = document question answering | document QA
table question answering = table question answering | table QA; question answering = question answering | QA
visual question answering = visual question answering | VQA; audio classification; audio emotion recognition; audio-to-audio = audio-to-audio generation
automatic speech recognition = automatic speech recognition | ASR; coreference-resolution = coreference resolution; depth estimation; dialogue generation
dialogue modeling; document retrieval; explanation generation; face detection; fact checking = fact-checking; feature extraction; hate speech detection
image captioning; image classification; image colorization; image inpainting; image segmentation; image-to-3d = image-to-3D generation
image-to-image = image-to-image translation; image-to-text = image-to-text generation; image-to-video = image-to-video generation; instance segmentation
intent classification; keypoint detection; keyword spotting; language identification; language modeling; lemmatization
multi class classification = multi-class classification; multi label classification = multi-label classification
multi class image classification = multi-class image classification; multi label image classification = multi-label image classification
multivariate time series forecasting; univariate time series forecasting; time series forecasting; named entity recognition = named entity recognition | NER
token classification; topic classification; natural language inference = natural language inference | NLI
news articles headline generation = headline generation; news articles summarization = news summarization; object detection; panoptic segmentation
part of speech = part-of-speech tagging; pose estimation; rdf to text = RDF-to-text generation; semantic segmentation; sentence similarity; sentiment analysis
sentiment classification; slot filling; speaker identification; summarization = text summarization; super resolution = super-resolution
table to text = table-to-text generation; tabular classification; tabular regression; task planning; text classification; text generation; text ranking
text retrieval; text simplification; text-to-3d = text-to-3D generation; text-to-audio = text-to-audio generation
text-to-image = text-to-image generation | text-to-image; text-to-speech = text-to-speech | TTS; text-to-video = text-to-video generation
translation = machine translation; unconditional image generation; vehicle detection; video classification; video-to-video = video-to-video translation
visual document retrieval; voice activity detection = voice activity detection | VAD; word sense disambiguation = word sense disambiguation | WSD
zero-shot classification; zero-shot image classification; zero-shot object detection; entity linking classification, entity linking retrieval = entity linking
"""

METHODS = """
ada boost = AdaBoost; adam optimizer = Adam; affinity propagation; ard regression = automatic relevance determination | ARD
bayesian gaussian mixture = Bayesian Gaussian mixture model; bayesian ridge = Bayesian ridge regression; bernoulli nb = Bernoulli naive Bayes
complement nb = complement naive Bayes; bernoulli rbm = restricted Boltzmann machine | RBM; bisecting k means = bisecting k-means
classical mds = classical multidimensional scaling; mds = multidimensional scaling | MDS
dbscan = DBSCAN (density-based spatial clustering of applications with noise); decision tree; dictionary learning; elastic net; factor analysis
fast ica = FastICA; gaussian mixture = Gaussian mixture model | GMM; gaussian process = Gaussian process | GP
gaussian random projection = Gaussian random projection; gradient boosting; graphical lasso = graphical Lasso; grid search; hdbscan = HDBSCAN
hist gradient boosting = histogram-based gradient boosting; huber loss = Huber loss; exponential loss; hinge loss
incremental pca = incremental principal component analysis | incremental PCA; isotonic regression; k fold = k-fold cross-validation; k means = k-means
k neighbors = k-nearest neighbors | k-NN; kernel density = kernel density estimation | KDE; kernel pca = kernel principal component analysis | kernel PCA
kernel ridge = kernel ridge regression | KRR; label propagation; label spreading; latent dirichlet allocation = latent Dirichlet allocation | LDA
leave one out = leave-one-out cross-validation; lib svm = LIBSVM; linear discriminant analysis = linear discriminant analysis | LDA; linear model
linear svc = linear support vector machine | linear SVM; local outlier factor = local outlier factor | LOF
locally linear embedding = locally linear embedding | LLE; logistic regression; mean shift; mlp, multilayer perceptron = multilayer perceptron | MLP
multi task lasso = multi-task Lasso; nearest centroid; nearest neighbors = nearest neighbor; nmf = nonnegative matrix factorization | NMF
neighborhood components analysis = neighborhood component analysis | NCA; one class svm = one-class support vector machine | one-class SVM
one vs rest = one-vs-rest; one vs one = one-vs-one; optics = OPTICS (ordering points to identify the clustering structure)
orthogonal matching pursuit = orthogonal matching pursuit | OMP; passive aggressive = passive-aggressive algorithm; pca = principal component analysis | PCA
pinball loss; polynomial count sketch; quadratic discriminant analysis = quadratic discriminant analysis | QDA; random projection
randomized search = random search; ransac = RANSAC (random sample consensus); rational quadratic = rational quadratic kernel
rbf = radial basis function | RBF; rfe = recursive feature elimination | RFE; self training = self-training
sequential feature selector = sequential feature selection; sgd = stochastic gradient descent | SGD
sparse pca = sparse principal component analysis | sparse PCA; sparse random projection; sparse coder = sparse coding; spectral biclustering
spectral clustering; spectral coclustering = spectral co-clustering; spectral embedding; stratified k fold = stratified k-fold cross-validation
successive halving; svr = support vector regression | SVR; theil sen = Theil-Sen estimator
truncated svd = truncated singular value decomposition | truncated SVD; tsne = t-SNE (t-distributed stochastic neighbor embedding)
permutation invariant training = permutation invariant training | PIT; total variation = total variation | TV
masked language modeling = masked language modeling | MLM; reinforcement learning = reinforcement learning | RL; adafactor = Adafactor
adahessian = AdaHessian; adalomo = AdaLomo; adammini = Adam-mini; adan = Adan (adaptive Nesterov momentum); agc = adaptive gradient clipping | AGC
alig = ALI-G; lamb = LAMB; kron = PSGD Kron; bceloss = binary cross-entropy; bitemperedlogisticloss = bi-tempered logistic loss; diceloss = Dice loss
focalloss = focal loss; focaltverskyloss = focal Tversky loss; jaccardloss = Jaccard loss; ldamloss = LDAM; lovaszhingeloss = Lovász hinge loss
tverskyloss = Tversky loss; dadaptadam, dadaptsgd, dadaptadagrad, dadaptadan, dadaptlion = D-Adaptation; friendlysam = Friendly-SAM; grokfastadamw = Grokfast
schedulefreesgd, schedulefreeadamw, schedulefreeradam = Schedule-Free; signsgd = signSGD; sophiah = Sophia; msvag = M-SVAG
ftrl = FTRL (follow-the-regularized-leader); sgdp = SGDP; lion = Lion (evolved sign momentum)
cosineannealingwarmuprestarts = cosine annealing with warm restarts; swats = SWATS; sam @pytorch-optimizer = SAM (sharpness-aware minimization)
sam @transformers = SAM (segment anything model); sam2 = SAM2; soap = SOAP; tam @pytorch-optimizer = TAM (torque-aware momentum); lookahead = Lookahead
madgrad = MADGRAD; shampoo, scalableshampoo = Shampoo; schedulefreewrapper = Schedule-Free; pcgrad = PCGrad; lora = LoRA (low-rank adaptation)
adalora = AdaLoRA; weight-decomposed low-rank adaptation = DoRA (weight-decomposed low-rank adaptation); ia3 = IA3; boft = BOFT
oft = OFT (orthogonal fine-tuning); loha = LoHa; lokr = LoKr; sparse high rank adapters = SHiRA (sparse high rank adapters)
layernorm tuning = LayerNorm tuning; llama-adapter = LLaMA-Adapter; x-lora = X-LoRA; miss = MiSS; peft = parameter-efficient fine-tuning | PEFT
delora = DeLoRA (decoupled low-rank adaptation); waveft = WaveFT (wavelet fine-tuning)
osf (orthogonal subspace fine-tuning) = OSF (orthogonal subspace fine-tuning); prm @peft/trl/diffusers = process reward model | PRM; lycoris = LyCORIS
dpo = DPO (direct preference optimization); online dpo = Online DPO; kto = KTO (Kahneman-Tversky optimization)
orpo = ORPO (odds ratio preference optimization); cpo = CPO (contrastive preference optimization); bco = BCO (binary classifier optimization)
xpo = XPO (exploratory preference optimization); grpo = GRPO (group relative policy optimization); rloo = RLOO (REINFORCE leave-one-out)
gmpo = GMPO (geometric-mean policy optimization); ppo = PPO (proximal policy optimization); sft = supervised fine-tuning | SFT
generalized knowledge distillation = generalized knowledge distillation | GKD; gspo-token = GSPO-token; nash-md = Nash-MD; minillm = MiniLLM; reward modeling
ddpm = DDPM (denoising diffusion probabilistic models); ddim = DDIM (denoising diffusion implicit models)
pndm = PNDM (pseudo numerical methods for diffusion models); consistency models = consistency model
latent consistency models = latent consistency model | LCM; latent diffusion = latent diffusion model | LDM
dpmsolvermultistep, dpmsolversinglestep, dpmsolversde = DPM-Solver; unipcmultistep = UniPC; deismultistep = DEIS; vqdiffusion = VQ-Diffusion
perturbed-attention guidance = perturbed-attention guidance | PAG; fully sharded data parallel = fully sharded data parallel | FSDP; deepspeed = DeepSpeed
controlnet = ControlNet; ledits++ = LEDITS++; tcd @peft/trl/diffusers = TCD (trajectory consistency distillation)
dit @peft/trl/diffusers = DiT (diffusion Transformer); dit @transformers = DiT (document image Transformer); distillation = knowledge distillation
hunyuan-dit = Hunyuan-DiT; stable unclip = Stable unCLIP; stable diffusion 2 = Stable Diffusion 2; stable diffusion 3 = Stable Diffusion 3
stable diffusion xl = SDXL; sdxl turbo = SDXL-Turbo; stable diffusion v1.5 = Stable Diffusion 1.5; stable diffusion v2 base = Stable Diffusion 2
stable diffusion v2.1 base = Stable Diffusion 2.1; flux2 = FLUX.2; tpo @peft/trl/diffusers = TPO (triple preference optimization)
sdpo = SDPO (self-distillation policy optimization); aimv2 = AIMv2; bit @transformers, big transfer = BiT (Big Transfer); blt = BLT (Byte Latent Transformer)
audio spectrogram transformer = Audio Spectrogram Transformer | AST; biogpt = BioGPT; clip = CLIP (contrastive language-image pre-training)
blip = BLIP (bootstrapping language-image pre-training); convnext = ConvNeXt; convnextv2 = ConvNeXt V2; data2vecaudio, data2vectext, data2vecvision = data2vec
depthpro = Depth Pro; deepseekvl = DeepSeek-VL; dinov3 convnext, dinov3 vit = DINOv3; encoder decoder = encoder-decoder; falcon3 = Falcon3
falconh1 = Falcon-H1; bert = BERT (bidirectional encoder representations from Transformers); gemma2 = Gemma 2
gemma3forcausallm, gemma3forconditionalgeneration = Gemma 3; gemma3nforcausallm, gemma3nforconditionalgeneration = Gemma 3n; ernie4_5 = ERNIE 4.5
erniem = ERNIE-M; florence2 = Florence-2; glm4 = GLM-4; glm4v = GLM-4V; got-ocr2 = GOT-OCR2; gptbigcode = GPTBigCode; gptoss = GPT-OSS; hubert = HuBERT
internvl = InternVL; jetmoe = JetMoE; lfm2 = LFM2; lfm2vl = LFM2-VL; llama = LLaMA; llama2 = LLaMA-2; llama3 = LLaMA-3; llama4, llama4forcausallm = LLaMA-4
llava = LLaVA; llava-onevision = LLaVA-OneVision; llava-next-video = LLaVA-NeXT-Video; longcatflash = LongCat-Flash; mamba2 = Mamba-2; mt5 = mT5; myt5 = MYT5
olmo2 = OLMo 2; olmo3 = OLMo 3; openllama = OpenLLaMA; ovis2 = Ovis2; phi3, phi-3 = Phi-3; phimoe = PhiMoE; plbart = PLBART; qwen2_5_vl = Qwen2.5-VL
qwen2_5omni = Qwen2.5-Omni; qwen2audio = Qwen2-Audio; qwen2vl = Qwen2-VL; qwen3vl, qwen3vlmoe = Qwen3-VL; qwen3next = Qwen3-Next; qwen3omnimoe = Qwen3-Omni
seedoss = Seed-OSS; speech2text = Speech2Text; stablelm = StableLM; starcoder2 = StarCoder2; switchtransformers = Switch Transformer
superglue @transformers = SuperGlue; timesfm = TimesFM; unispeechsat = UniSpeech-SAT; vipllava = ViP-LLaVA; videollava = Video-LLaVA
vit = Vision Transformer | ViT; vitdet = ViTDet; vitmsn = ViTMSN; vjepa2model = V-JEPA 2; swin transformer v2 = Swin Transformer V2
wav2vec2, xlsr-wav2vec2 = wav2vec 2.0; wav2vec2-bert = Wav2Vec2-BERT; nezha = NEZHA; pegasus = PEGASUS; rocbert = RoCBert
rag = retrieval-augmented generation | RAG; siglip2 = SigLIP 2; decision transformer = Decision Transformer; dpr = dense passage retrieval | DPR
realm = REALM (retrieval-augmented language model pre-training); detr = DETR (detection Transformer); deit = DeiT (data-efficient image Transformer)
dpt = DPT (dense prediction Transformer); pvt = PVT (pyramid vision Transformer); cvt = CvT (convolutional vision Transformer)
beit = BEiT (BERT pre-training of image Transformers); dac = DAC (Descript Audio Codec); bart = BART (bidirectional and auto-regressive Transformers)
t5 = T5 (text-to-text transfer Transformer); clap = CLAP (contrastive language-audio pre-training); electra = ELECTRA; vits = VITS
nllb = NLLB (No Language Left Behind); led = LED (Longformer encoder-decoder); m2m100 = M2M-100; mms = MMS (Massively Multilingual Speech)
lxmert = LXMERT (learning cross-modality encoder representations from Transformers); tapex = TAPEX (table pre-training via execution)
vilt = ViLT (vision-and-language Transformer); resnet = ResNet (residual network); dual path network = DPN (dual path network)
deep layer aggregation = DLA (deep layer aggregation); rexnet = ReXNet; wide resnet = Wide ResNet; inception resnet v2 = Inception-ResNet-v2
inception v3 = Inception-v3; inception v4 = Inception-v4; mobilenet v2 = MobileNetV2; mobilenet v3 = MobileNetV3; selecsls = SelecSLS
csp-darknet = CSPDarknet; advprop = AdvProp; noisy student = Noisy Student; claude 2.0 = Claude 2; cerebras gpt = Cerebras-GPT
deepseek r1, deepseek-r1-0528 = DeepSeek-R1; deepseek v3 = DeepSeek-V3; deepseek v3.1 = DeepSeek-V3.1; deepseek llm chat = DeepSeek LLM
deepseek-coder-6.7b-instruct = DeepSeek-Coder; gpt-4o mini = GPT-4o-mini; gpt-4.1 mini = GPT-4.1-mini; gpt-4.1 nano = GPT-4.1-nano
gpt-oss-120b, gpt-oss-20b = GPT-OSS; llama 3.1 instruct = LLaMA-3.1; llama 3.2 instruct = LLaMA-3.2; llama 3.3 instruct = LLaMA-3.3
llama 4 maverick instruct = LLaMA-4 Maverick; llama 4 scout instruct = LLaMA-4 Scout; llama 3.1 nemotron instruct = LLaMA-3.1-Nemotron; llama 2 = LLaMA-2
llama 3 = LLaMA-3; llava 1.5 = LLaVA-1.5; llava 1.6 = LLaVA-1.6; vicuna v1.3 = Vicuna-v1.3; vinallama = VinaLLaMA; dolly v2 = Dolly v2
palm = PaLM (Pathways Language Model); palm-2 = PaLM 2; qwen2 instruct = Qwen2; qwen2.5 instruct = Qwen2.5; qwen2.5-vl instruct = Qwen2.5-VL
qwen2-vl instruct = Qwen2-VL; qwen2-audio instruct = Qwen2-Audio; mpt = MPT; stable diffusion v1.4 = Stable Diffusion 1.4; idefics 2, idefics2 = Idefics2
megatron gpt2, megatron-gpt2 = Megatron-GPT2; kimi k2 instruct = Kimi K2; mixtral instruct = Mixtral; phi-3.5-mini-instruct = Phi-3.5; smollm2 = SmolLM2
openai gpt = GPT; openai gpt-2 = GPT-2; gpt neo = GPT-Neo; gpt neox = GPT-NeoX; arctic instruct = Arctic; deepfloyd if = DeepFloyd IF; diva llama 3 = DiVA
bakllava v1 = BakLLaVA; jurassic-2 grande, jurassic-2 jumbo, jurassic-2 large = Jurassic-2; granite 3.0 instruct, granite 3.0 base = Granite 3.0
ibm granite 3.3 8b instruct = Granite 3.3; ibm granite 4.0 micro, ibm granite 4.0 small = Granite 4.0; olmo 1.7 = OLMo 1.7; nemotron-4 instruct = Nemotron-4
grok 3 beta = Grok 3; qwen-audio chat = Qwen-Audio; qwen1.5 = Qwen1.5; seallm v2 = SeaLLM v2; typhoon v1.5 = Typhoon 1.5; tnlg v2 = TNLG v2
codey palm-2 = Codey; luminous base, luminous extended, luminous supreme = Luminous; jais-family-13b-chat = Jais; redpajama-incite-base = RedPajama-INCITE
t0pp = T0pp; solar pro = Solar Pro; cohere labs command a = Command A; command r = Command R; command r plus = Command R+; sabia 7b = Sabiá; yi = Yi
phogpt 4b chat = PhoGPT; silma 9b = SILMA; marin 8b instruct = Marin; falcon3-7b-instruct = Falcon3; ministral, ministral 8b, ministral 3b = Ministral
mistral nemo = Mistral NeMo; allam-7b-instruct-preview = ALLaM; acegpt-v2-8b-chat = AceGPT-v2; gemma 3n e4b instruct = Gemma 3n
"""

DATASETS = """
afqmc = AFQMC; alphanli = AlphaNLI; arcchallenge = ARC-Challenge; arguana = ArguAna; askubuntudupquestions = AskUbuntu; audioset = AudioSet
barexamqa = BarExamQA; beir = BEIR; biosses = BIOSSES; birdsnap = Birdsnap; bucc = BUCC; caltech101 = Caltech-101; cifar10 = CIFAR-10; cifar100 = CIFAR-100
climatefever = Climate-FEVER; coir = CoIR; cosqa = CoSQA; country211 = Country211; covidqa = CovidQA; dbpedia = DBpedia; dtd = DTD; egoschema = EgoSchema
esc50 = ESC-50; eurosat = EuroSAT; faithdial = FaithDial; farstail = FarsTail; fer2013 = FER2013; fever = FEVER; fgvcaircraft = FGVC-Aircraft
fiqa2018, fiqa = FiQA; flickr30k = Flickr30K; food101 = Food-101; followir = FollowIR; fsd50k = FSD50K; gerdalir = GerDaLIR; germanquad- = GermanQuAD
germandpr = GermanDPR; gtsrb = GTSRB (German Traffic Sign Recognition Benchmark); gtzangenre = GTZAN; hmdb51 = HMDB51; hotpotqa = HotpotQA; imdb = IMDb
instructir = InstructIR; jmteb = JMTEB; jsick = JSICK; jsts = JSTS; kinetics400v, kinetics400 = Kinetics-400; kinetics600v = Kinetics-600
kinetics700v = Kinetics-700; ko-strategyqa = Ko-StrategyQA; kornli = KorNLI; korsts = KorSTS; lcqmc = LCQMC; locomo = LoCoMo; longembed = LongEmbed
longmemeval = LongMemEval; loogle = LooGLE; lotte = LoTTE; libricount = LibriCount; miracl = MIRACL; minds14 = MInDS-14; mkqa = MKQA
mlqa, mlqa (multilingual question answering) = MLQA (MultiLingual Question Answering); msmarco = MS MARCO; mmarco = mMARCO; mnist = MNIST; mrtidy = Mr. TyDi
msrvttt2v = MSR-VTT; msvd = MSVD; musiccaps = MusicCaps; nanobeir = NanoBEIR; nevir = NevIR; nfcorpus = NFCorpus; novelqa = NovelQA
nq = Natural Questions | NQ; nsynth = NSynth; nextqa = NExT-QA; ocnli = OCNLI; oven = OVEN; oxfordpets = Oxford-IIIT Pet; oxfordflowers = Oxford Flowers
patchcamelyon = PatchCamelyon; pawsx, paws-x = PAWS-X; peerqa = PeerQA; publichealthqa = PublicHealthQA; quora = QQP (Quora Question Pairs); r2med = R2MED
rar-b = RAR-b; resisc45 = RESISC45; renderedsst2 = Rendered SST-2; rte3 = RTE-3; scidocs = SCIDOCS; scifact = SciFact; sib200 = SIB-200; sick-r = SICK-R
spartqa = SpartQA; robust04instruction = Robust04; speechcommands = Speech Commands; stanfordcars = Stanford Cars; stl10 = STL-10; sts12 = STS12
sts13 = STS13; sts14 = STS14; sts15 = STS15; sts16 = STS16; sts17 = STS17; sts22 = STS22; stsbenchmark = STS-B (Semantic Textual Similarity Benchmark)
sugarcrepe = SugarCrepe; summeval = SummEval; sun397 = SUN397; tatoeba = Tatoeba; tnews = TNEWS; toolbench = ToolBench; topiocqa = TopiOCQA
touche2020 = Touché 2020; toxicchat = ToxicChat; treccovid = TREC-COVID; trecdl2019 = TREC DL 2019; trecdl2020 = TREC DL 2020
twentynewsgroups = 20 Newsgroups; ucf101 = UCF101; urbansound8k = UrbanSound8K; vidore = ViDoRe; voc2007 = PASCAL VOC 2007; vocalsound = VocalSound
webfaq = WebFAQ; weblinxcandidates = WebLINX; wikisql = WikiSQL; activitynetcaptions = ActivityNet Captions; audiocaps = AudioCaps; clotho = Clotho
didemo = DiDeMo; cirr = CIRR; clevr = CLEVR; fashioniq = FashionIQ; fashion200k = Fashion200K; belebele = Belebele; banking77, banking 77 = BANKING77
bigpatent, big patent = BigPatent; codesearchnet = CodeSearchNet; apps = APPS (Automated Programming Progress Standard); ds1000, ds-1000 = DS-1000
financebench = FinanceBench; finqa = FinQA; fquad = FQuAD (French Question Answering Dataset); freshstack = FreshStack
browsecompplus, browsecomp-plus = BrowseComp-Plus; bsard = BSARD; birdset = BirdSet; birdclef = BirdCLEF; chemteb = ChemTEB; fleurs = FLEURS; flores = FLORES
gigaspeech = GigaSpeech; gldv2 = Google Landmarks v2; govreport = GovReport; hatefulmemes = Hateful Memes; hagrid = HAGRID
humaneval, openai humaneval = HumanEval; feedbackqa = FeedbackQA; esci = ESCI; infoseek = InfoSeek; imagecode = ImageCoDe; inatsounds = iNatSounds
indicqa = IndicQA; indicgenbenchflores = IndicGenBench; libritts = LibriTTS; limit = LIMIT; litsearch = LitSearch; mintaka = Mintaka; mmdocir = MMDocIR
mmvu = MMVU; mridinghamstroke = Mridingham; narrativeqa = NarrativeQA; nights = NIGHTS; norquad = NorQuAD; naijasenti = NaijaSenti
omnivideobench = OmniVideoBench; panda70m = Panda-70M; perceptiontest = Perception Test; remuq = ReMuQ; scimmir = SciMMIR; sketchy = Sketchy
songdescriber = Song Describer; spokencoco = SpokenCOCO; spokensquad = Spoken-SQuAD; shot2story20k = Shot2Story20K
somethingsomethingv2 = Something-Something V2; tinyimagenet = Tiny ImageNet; vatex = VATEX; vizwiz = VizWiz; voxceleb = VoxCeleb; visualnews = VisualNews
vinoground = Vinoground; winoground = Winoground; worldqa = WorldQA; xm3600 = Crossmodal-3600; xflickr30kco = xFlickrCO; xquad = XQuAD
xnli = XNLI (Cross-lingual Natural Language Inference); xpqa = xPQA; xmarket = XMarket; xstance, x-stance = X-stance; youcook2 = YouCook2; cub200 = CUB
blink = BLINK; birco-relic = BIRCO; fsdkaggle2018 = FSDKaggle2018; iemocapemotion = IEMOCAP; aesdd = AESDD; crema_d = CREMA-D; meldvideo = MELD; tmd = TMD
massivescenario, massiveintent = MASSIVE; mtopdomain = MTOP (Multilingual Task-Oriented Semantic Parsing); masakhanews = MasakhaNEWS
amazonpolarity = Amazon Polarity; toxicconversations = Toxic Conversations; tweeteval = TweetEval; nusax = NusaX
adversarial nli, anli = ANLI (Adversarial NLI) | Adversarial Natural Language Inference; agieval = AGIEval; aime = AIME; aime2024 = AIME 2024
aime2025 = AIME 2025; aime2026 = AIME 2026; arc @OpenCompass, arc @lm-evaluation-harness, ai2arc = ARC (AI2 Reasoning Challenge); arc prize = ARC-AGI
asdiv = ASDiv; babi, babiqa, babi tasks = bAbI; babilong = BABILong; bbq = BBQ (Bias Benchmark for Question Answering); bigbench = BIG-bench
bigbenchhard, big-bench hard, bbh = BIG-Bench Hard | BBH; blimp = BLiMP; big-bench extra hard = BIG-Bench Extra Hard | BBEH
c-eval, ceval @lm-evaluation-harness = C-Eval; careqa = CareQA; chartqa = ChartQA; cnn-dailymail, cnn / daily mail, cnn and daily mail corpora = CNN/DailyMail
commonsense_qa, commonsenseqa = CommonsenseQA; crowspairs, crows-pairs = CrowS-Pairs; drop, drop (drop simple eval) = DROP; eq_bench = EQ-Bench
ethics dataset, ethics, hendrycks_ethics = ETHICS; fld = FLD; game24 = Game of 24; gaokaobench = GAOKAO-Bench; gsm-hard = GSM-Hard; gsm_plus = GSM-Plus
gsm8k, grade school math 8k = GSM8K (Grade School Math 8K); gsm8k platinum = GSM8K-Platinum; hellaswag = HellaSwag
hle(humanity's last exam) = Humanity's Last Exam | HLE
hendrycks_math, math, mathematics aptitude test of heuristics, math (measuring mathematical problem solving) = MATH (Mathematics Aptitude Test of Heuristics)
hendryckstest, mmlu, measuring massive multitask language understanding = MMLU (Massive Multitask Language Understanding)
infinitebench (∞bench), infinitebench = InfiniteBench | ∞Bench; iwslt2017, iwslt 2017 = IWSLT 2017; k_mmlu = KMMLU; jsonschema bench = JSONSchemaBench
longbench v2 = LongBench v2; math 401 = MATH 401; math500 = MATH-500; mathqa = MathQA
mbpp, mostly basic python problems = MBPP (Mostly Basic Python Problems); mbpp-plus = MBPP+
mc taco, mc-taco, mctaco (multiple choice temporal commonsense) = MC-TACO (Multiple Choice Temporal Commonsense); medcalc_bench, medcalc-bench = MedCalc-Bench
medmcqa = MedMCQA; medqa = MedQA; mmlu_redux = MMLU-Redux; mmmlu (multilingual mmlu), mmmlu = MMMLU (Multilingual Massive Multitask Language Understanding)
mmmu, mmmu benchmark = MMMU; moral stories = Moral Stories; naturalquestions = Natural Questions | NQ; natural questions = Natural Questions | NQ
nq-open, nq_open = NQ-Open; openbookqa = OpenBookQA; paloma = Paloma; pile, the pile = The Pile | Pile; pmmeval = P-MMEval; polemo 2.0 = PolEmo 2.0
py150 = PY150; quality = QuALITY; realtoxicprompts, realtoxicity prompts = RealToxicityPrompts
socialiqa, social iqa, siqa, social interaction qa, social intelligence qa (social iqa) = Social IQA | SIQA
squad2.0, squadv2, squad 2.0 (stanford question answering dataset) = SQuAD 2.0; storycloze, story cloze test = StoryCloze | Story Cloze Test
super_glue, superglue = SuperGLUE; swag = SWAG (Situations With Adversarial Generations)
situations with adversarial generations = SWAG (Situations With Adversarial Generations); trivia qa, triviaqa = TriviaQA; tydi qa, tydi-qa = TyDi QA
webqs = WebQuestions; xlsum = XL-Sum; xsum, extreme summarization = XSum (Extreme Summarization); wikitext = WikiText; winogrande = WinoGrande
winogender, winogender schemas, winogender schemas for coreference resolution systems = Winogender; wmt16, wmt2016 = WMT16; xwinograd = XWinograd
xstorycloze = XStoryCloze; winograd schema challenge = WSC (Winograd Schema Challenge); glue / cola = CoLA (Corpus of Linguistic Acceptability)
glue / mprc = MRPC (Microsoft Research Paraphrase Corpus); glue / qqp = QQP (Quora Question Pairs); superglue / boolq, boolq = BoolQ (Boolean Questions)
superglue / cb = CommitmentBank; superglue / copa = COPA (Choice of Plausible Alternatives)
superglue / multirc, eraser multirc (multi-sentence reading comprehension) = MultiRC (Multi-Sentence Reading Comprehension)
superglue / record = ReCoRD (Reading Comprehension with Commonsense Reasoning Dataset); superglue / rte = RTE (Recognizing Textual Entailment)
superglue / wic = WiC (Word-in-Context); superglue / wsc = WSC (Winograd Schema Challenge); clue / c3 = C3; clue / cmnli = CMNLI; clue / cmrc = CMRC
clue / drcd = DRCD; clue / ocnli = OCNLI; fewclue / bustm = BUSTM; fewclue / chid = ChID; fewclue / cluewsc = CLUEWSC; fewclue / csl = CSL
fewclue / eprstmt = EPRSTMT; fewclue / tnews = TNEWS; ag's news corpus = AG News; adversarial glue = AdvGLUE (Adversarial GLUE); adversarialqa = AdversarialQA
algebra question answering with rationales = AQuA-RAT (Algebra Question Answering with Rationales); amazon us reviews, amazon review polarity = Amazon Reviews
ami corpus = AMI; answer sentence natural questions = ASNQ (Answer Sentence Natural Questions); books3 = Books3; bookcorpus = BookCorpus
c4 = C4 (Colossal Clean Crawled Corpus); cats vs. dogs = Cats vs. Dogs; compositional freebase questions = CFQ (Compositional Freebase Questions)
children's book test, the children's book test = CBT (Children's Book Test)
commonsense explanations, common sense explanations = CoS-E (Common Sense Explanations); conceptnet5 = ConceptNet
conll2012 shared task data based on ontonotes 5.0 = CoNLL-2012; clinc150 = CLINC150
commonsense dataset adversarially-authored by humans = CODAH (COmmonsense Dataset Adversarially-authored by Humans); cppe - 5 = CPPE-5; cosmosqa = CosmosQA
covost 2 = CoVoST 2; coqa = CoQA (Conversational Question Answering)
cross-lingual natural language inference = XNLI (Cross-lingual Natural Language Inference); definite pronoun resolution dataset = Definite Pronoun Resolution
fashionmnist = Fashion-MNIST; financialphrasebank = Financial PhraseBank; gap benchmark suite = GAP; germeval14 = GermEval 2014; hatexplain = HateXplain
heuristic analysis for nli systems = HANS (Heuristic Analysis for NLI Systems); grail qa, grail qa (strongly generalizable question answering) = GrailQA
large-scale indonesian summarization = Liputan6; lm1b = LM1B
microsoft machine reading comprehension dataset, ms marco (microsoft machine reading comprehension) = MS MARCO (Microsoft MAchine Reading COmprehension)
multi-genre natural language inference = MNLI (Multi-Genre Natural Language Inference) | MultiNLI
multilingual knowledge questions and answers = MKQA (Multilingual Knowledge Questions and Answers)
multi-domain wizard-of-oz = MultiWOZ (Multi-Domain Wizard-of-Oz); movierationales = Movie Rationales
multilingual librispeech = MLS (Multilingual LibriSpeech); physical interaction: question answering = PIQA (Physical Interaction: Question Answering)
piqa = PIQA; quail, question answering for artificial intelligence = QuAIL (Question Answering for Artificial Intelligence)
question answering in context, quac: question answering in context = QuAC (Question Answering in Context); qangaroo = QAngaroo
reddit webis-tldr-17 = Webis-TLDR-17; reuters-21578 text categorization collection = Reuters-21578; rottentomatoes - mr movie review data = Rotten Tomatoes
samsum corpus = SAMSum; sentences involving compositional knowledge = SICK (Sentences Involving Compositional Knowledge)
shaping answers with rules through conversation = ShARC (Shaping Answers with Rules through Conversation)
stanford natural language inference = SNLI (Stanford Natural Language Inference); stanford sentiment treebank = SST (Stanford Sentiment Treebank)
stanford sentiment treebank v2 = SST-2; street view house numbers = SVHN (Street View House Numbers); text retrieval conference question answering = TREC
the multilingual amazon reviews corpus = MARC (Multilingual Amazon Reviews Corpus); visualgenome = Visual Genome
what-if question answering = WIQA (What-If Question Answering); electricity transformer temperature = ETT (Electricity Transformer Temperature)
mit scene parsing benchmark = ADE20K; sogou news = Sogou News; yelpreviewfull, yelppolarity = Yelp; end-to-end nlg challenge = E2E
schema-guided dialogue = SGD (Schema-Guided Dialogue); recognition-based object probing evaluation = ROPE
snips natural language understanding benchmark = SNIPS; reddit tifu = Reddit TIFU; penn treebank = Penn Treebank | PTB; europarl-bilingual = Europarl
opus100 = OPUS-100; universal dependencies treebank = Universal Dependencies; wiki-40b = Wiki-40B
wikitablequestions, wikitable questions = WikiTableQuestions; quora question pairs = QQP (Quora Question Pairs)
never ending language learning = NELL (Never Ending Language Learning); newscommentary = News Commentary; opensubtitles = OpenSubtitles; swde = SWDE
wmt14 = WMT14; wmt15 = WMT15; wmt17 = WMT17; wmt18 = WMT18; wmt19 = WMT19; cornell newsroom = Newsroom
microsoft coco: common objects in context = COCO (Common Objects in Context) | MS COCO; mscoco = COCO (Common Objects in Context) | MS COCO
colossal clean crawled corpus = C4 (Colossal Clean Crawled Corpus); livebench = LiveBench; mle-bench = MLE-bench; swe-bench = SWE-bench; scibench = SciBench
matharena = MathArena; mathdial = MathDial; rewardbench, reward bench = RewardBench; windows agent arena = WindowsAgentArena; taskbench = TaskBench
hotpot qa = HotpotQA; wikimovies = WikiMovies; natural instructions = Natural Instructions; maven -arg = MAVEN-Arg
maven -fact (massive event factuality detection) = MAVEN-Fact; gsm-p lus (grade school math = GSM-Plus; privacy qa = PrivacyQA; mml ong bench = MMLongBench
mml ong bench -doc = MMLongBench-Doc; mmc omposition = MMComposition; mme valpro = MMEvalPro; mms earch = MMSearch; hal ogen = HALoGEN; llma rena = LLMArena
mcps ecbench = MCPSecBench; sead ialogues = SEADialogues; wxi mpact bench = WXImpactBench; wildife val = WildIFEval; long memeval = LongMemEval
expert long bench = ExpertLongBench; beaver tails dataset = BeaverTails; cot collection = CoT Collection; conversation chronicles = Conversation Chronicles
embodied agent interface = Embodied Agent Interface; crowd counter = CrowdCounter; pku-s aferlhf (safety human preference dataset) = PKU-SafeRLHF
injec agent = InjecAgent; trust gpt = TrustGPT; decoding trust = DecodingTrust; uhg eval = UHGEval; h allu code = HalluCode; agent board = AgentBoard
agent bench = AgentBench; agent safe = AgentSafe; fresh qa = FreshQA; empathetic dialogues = EmpatheticDialogues
iep ile (information extraction instruction corpus) = IEPile; mq uake (multi-hop question answering for knowledge editing) = MQuAKE
social chemistry 101 = Social Chemistry 101; world cuisines = WorldCuisines; tell me a story = Tell Me a Story
cyber seceval (cybersecurity evaluation suite for language models) = CyberSecEval; robust alpaca eval = RobustAlpacaEval; parsi nlu = ParsiNLU
temporal wiki = TemporalWiki; driving vqa = DrivingVQA; follow ir = FollowIR; story summ = StorySumm
bear = BEAR (Benchmark for Evaluating Abilities of Relational Knowledge); cabbq = CaBBQ (Catalan Bias Benchmark for Question Answering)
click = CLIcK (Cultural and Linguistic Intelligence in Korean); cuad = CUAD (Contract Understanding Atticus Dataset); fofo = FOFO (Format-Following Benchmark)
kbl = KBL (Korean Benchmark for Legal Language Understanding); kilt = KILT (Knowledge Intensive Language Tasks); zest = ZEST
cmb, cmb (comprehensive medical benchmark in chinese), cmb (comprehensive medical benchmark) = CMB (Comprehensive Medical Benchmark in Chinese)
flue @huggingface/datasets = FLUE (French Language Understanding Evaluation)
glue, glue (general language understanding evaluation benchmark) = GLUE (General Language Understanding Evaluation)
lcsts = LCSTS (Large Scale Chinese Short Text Summarization); qasper = QASPER (Question Answering over Scientific Research Papers)
mtop (multilingual task-oriented semantic parsing) = MTOP (Multilingual Task-Oriented Semantic Parsing); race = RACE (ReAding Comprehension from Examinations)
paloma (perplexity analysis for language model assessment) = Paloma; ropes = ROPES (Reasoning Over Paragraph Effects in Situations)
t-eval = T-Eval (Tool Evaluation); medqa (medical question answering dataset) = MedQA; z est (zeroshot learning from task descriptions) = ZEST
spanish bias benchmark for question answering = EsBBQ (Spanish Bias Benchmark for Question Answering)
esbbq = EsBBQ (Spanish Bias Benchmark for Question Answering); lama = LAMA (LAnguage Model Analysis); clue = CLUE (Chinese Language Understanding Evaluation)
paws = PAWS (Paraphrase Adversaries from Word Scrambling); text-scene graph (tsg) bench = TSG-Bench (Text-Scene Graph Bench)
nav ab (national values alignment benchmark) = NaVAB (National Values Alignment Benchmark); medagents bench = MedAgentsBench; codeagent bench = CodeAgentBench
batch safebench = BatchSafeBench; greek barbench = GreekBarBench; mc itebench = MCiteBench; long pibench = LongPiBench; seman ticmemes = SemanticMemes
nlpcontribution graph = NLPContributionGraph; divknow qa = DivKnowQA; delucion qa = DelucionQA; techhazard qa = TechHazardQA; inv alsi = INVALSI
mdg ender = MDGender; climat eli (climat e entity linking) = ClimatELi; bigg enbench = BiGGen Bench; kbench syz = kBench-syz
mllm-c omp bench = MLLM-CompBench; agents net = AgentsNet; multifaceted skill-of-mind = Multifaceted Skill-of-Mind; sycon bench = SYCON-Bench
agent security bench = ASB (Agent Security Bench); m3s ciqa (multi-modal multi-document scientific question answering) = M3SciQA
codeme nv (code migration across environment) = CODEMENV; long codeu (long code understanding) = LongCodeU (Long Code Understanding)
humaneval-infilling = HumanEval-Infilling; hae-rae bench = HAE-RAE Bench; bc2gmcorpus = BC2GM; inquisitiveqg = INQUISITIVE; mlama = mLAMA
convai, conversational intelligence challenge 2 = ConvAI2; sms spam collection data set = SMS Spam Collection; universalmorphologies = UniMorph
wili2018 = WiLI-2018; yahooanswerstopics = Yahoo! Answers; modified winograd schema challenge = MWSC (Modified Winograd Schema Challenge)
naver sentiment movie corpus = NSMC (Naver Sentiment Movie Corpus); advbench = AdvBench; chexpert plus = CheXpert Plus
open-llm-leaderboard = Open LLM Leaderboard; wildvision -bench = WildVision-Bench; counter fact+ = CounterFact+; bytesized 32 = ByteSized32
long reason arena = LongReasonArena; finance math = FinanceMATH; kulture bench = KultureBench; wan juan = WanJuan; complex bench = ComplexBench
crypto formal eval = CryptoFormalEval; gaia (general ai assistants) = GAIA (General AI Assistants)
"""

DROPPED = """
@b ench (assistive technology benchmark) | aadg (audio anomaly data generation) | addressclip | adversarial examples for squad | afrikaans ner corpus
ai-driven review systems | aivaluatexr | alas | ali-agent | alignment data map | amnlt | ampcliff | anpmi | anthropic-lm v4-s3 | anthropics evals | antonio
apollodqn | appreviews | arabic jordanian general tweets | arabic leaderboard | arabic leaderboard light | arabic pos dialect | arabic.ai llm-s
arabic.ai llm-x | arc mt | archbert | arithmattack | arithmetic | arxiv dataset | asymmetricautoencoderkl | asynchronous grpo | atg | atgc-gen
audiogenie-reasoner | auto | autodcworkflow | autoencoderdc | autoeval | autog | autohallusion | autojudger | automodel | babbage-002 | bads
bangla benchmark datasets | barts core | bbawegyptian | bbc hindi nli dataset | beans | bench-2-cop | bench-coe | benchdirect | benchmarkprofiling
bend the truth (urdu fake news) | bento | bert generation | bertjapanese | biblepara | bima | bingcoronavirusqueryset | biomrc | bis | blenderbotsmall
blockrefinement | blocks architecture | bode 13b alpaca pt-br | bolaa | british library books | british library books genre | bsam | bug | burt
c-plus values | cabrita pt-br | cadmium | catshift | causaldd | cegi | chainpoll | chat templates | chatpd | cleaned lang8 ged
clickbait/fake news in bulgarian | clifs | clingen | clip-sla | cloze test-max/min | cmstochasticiterative | cobias | codablellm | codereasoner
codexglueccclonedetectionbigclonebench | codexglueccclonedetectionpoj104 | codexglueccclozetestingall | codexglueccclozetestingmaxmin
codexgluecccodecompletionline | codexgluecccodecompletiontoken | codexgluecccoderefinement | codexgluecccodetocodetrans | codexglueccdefectdetection
codexgluectcodetotext | codexgluetcnlcodesearchadv | codexgluetctexttocode | codexgluetttexttotext | cogvideoxddim | cogvideoxdpm | cohere
cohere large v20220720 | cohere medium v20220720 | cohere medium v20221108 | cohere small v20220720 | cohere xlarge v20220609 | cohere xlarge v20221108
cohere2 | colac | command | command beta | command light | command line interfaces | common crawl domain names | common language | commonsenseqa-cn
community tutorials | comparison of peft methods | compcodevet | conan-embedding-v2 | conceptual 12m | contribute to peft | controlled rippleedit | corpipe 25
cos | cosmos3omnitransformer | cot-drive | covid-19 misinformation datasets | covidqacastorini | covidqaucsd | craft | crimeandpunish
cross-lingual consistency framework | cross-platform short-video | crosscheckgpt | crosscoherence | crowspairs-cn | csp | ctses | dall-e 3 hd | dall-e mega
data utilities | dataagent | datagen | dataset grouper | dataset of jailbreaks | db-gpt-hub | debate-driven evaluation for qa | debiasae | deep
deepfloyd if x | deepseek v4 pro | dengue dataset in filipino | detecting emergent intersectional biases | dftg | diffusers benchmarks | diffusers examples
dilm | disaster response messages | discovery | discreteddim | distributedmuon | distributing training | doco | doge | donutswin | dore | dracor mcp server
dreamframe | dreamlike diffusion v1.0 | dreamlike photoreal v2.0 | drowzee | dsdm | dtirs | dtm | dynamic-superb phase-2 | eahawk | earthdial | ecrecer
edgetamvideo | edits | edmeuler | efficientnet (knapsack pruned) | effieval | egyptian wikipedia scanner | elk | emnlp | emo pillarsemoπ | emoagent | emotion
emotional tone in arabic | emscore | english resume corpus | english-arabic wikipedia question-answering | ensemble adversarial inception resnet v2
entropy-memorization law | entropybound | europaecdctm | eva-score | event-based modality detection | evidence infer treatment | factored verification
fairflow | fairseq machine-translation | faithfulsae | faithscore | fake news english | fake news filipino | farsinews | fastspeech2conformerwithhifigan
fd-dataset | fda | fed | fedoa | fedsecurity | few-shot relation classification dataset | ffr | film | finllms | flower | franq
functionality-oriented code self-evolution | fws | gap-subjective | gcfs | geak | gemma-3 gaia pt-br | gemma2 9b cpt sea-lionv3
gemma2 9b cpt sea-lionv3 instruct | gender-gap pipeline | genir | gervásio pt-br/pt-pt 7b decoder | glass | gldesigner | gmt | google sentence compression
gpt neox japanese | gpt-3.5-turbo-16k-0613 | gpt-4-32k-0314 | gpt-4-32k-0613 | gpt-neoxt | gptnermed | granite 13b instruct v2 | granite 20b code
granite 3.0 a400m | granite 3.0 a800m | granite 3.1 - 1b - a400m | granite 3.1 - 3b - a800m | granite 34b code | granite 3b code | granite 8b code | grape
graph pattern comprehension | graphcs | grapheval | greek legal code | grpo with replay buffer | gt-r | gtm | guessinggame | gus-net | hallushift | hamtajoo
hate speech | hate speech and offensive language | hate speech detection video dataset | hate speech in filipino | hateoffensive | hatespeechpl
hatespeechportuguese | hausa voa ner corpus | headline grouping | hebrew projectbenyehuda | hebrewsentiment | heliosdmd | holmes-set | hpir | hrenwacpara
hudex | humaneval-cn | hunyuandensev1 | hunyuanmoev1 | i ndic link | iam | iappwikiqasquad | ic | icd | identitychain | idpanlbppt | igbonlp datasets
image fusion via vision-language model | image regeneration | imdb urdu reviews | indonesian clickbait headlines | indonesian newspapers 2018
indonesian puisi | information updation | injecguard | insiderfilingdelay | instagram resnext wsl | instructblipvideo | interplay | ipndm | isixhosanercorpus
isizulu ner corpus | isoscore | j1-grande v1 | j1-grande v2 | j1-jumbo v1 | j1-large v1 | jais-adapted | jais-family | jais-family-1p3b | jais-family-2p7b
jais-family-6p7b | japagen | japanese leaderboard | jbdistill | jigsawmultilingual | jigsawtoxicitypred | jira | journalistsquestions | k-decore | kailin
kannadanews dataset | kgar evion | kicp | kiltwikipedia | kimi k2 instruct 0905 | kleiogpt | knowledge-driven conversation | korean hatespeech dataset
korqpair | ks-gen | l2m3 | lambada cloze | lamp-qa (long-form personalized question answering) | lan2cb | lanid | lca-on-the-line | lcs
leaderboard evaluations | led | legal documents entity recognition | legalscore | lhrs-bot-nova | libeval | librispeechlm | lig | lit-gpt
llama-3 8b cpt sea-lionv2 | llama-3 8b cpt sea-lionv2.1 | llama-3.1 70b cpt sea-lionv3 | llama-3.1 8b cpt sea-lionv3 | llama-3.2 vision | llav ar-2
llm compression | llm dataset inference | llm4causal | llm4vv | llmc | llmc+ | llmcode | llmdetect | llmediator | llmseccode | lmc | lml-dap | loca
lora conversion | lora without regret | lsi | luminous world | luxgen | lyrics emotion attribution | mapex | marking | maskformerswin | mastermath2024v1
mat ch dataset | material synthesis 2025 | mbpp-cn | mcd | mct | mcts-ep | medicalquestionspairs | medtext | mementos | memhunter | memory efficient training
metaphor-annotated dataset for konkani | metascore | metrec | mhr | mimic-iii report summarization | mistral pixtral | mistral pixtral large
mm-vet (multimodal veterinarian) | mnso | modscan | mono | more information needed | moroccan dialect -darija | morphological analyzer for gujarati
mozhidataset | mra | mrscore | msp | msrgenomicskbcomp | msrtextcompression | msrzhentranslationparity | msterms | mtengvietnamese
multi-dimensional gender bias classification | myanmarnews | nanolm | naturalquestions-cn | nel | ner4legal srb | nergrit corpus | neurips local
neuron state-based cross-lingual alignment | nlpre-pl | nlu evaluation data | nlu-evaluation-data | norwegian ner | nov o | nph | numeric fused heads | nyt
odin | offenseval dravidian | ofispublik | okapi | ollie | olmo 2 13b instruct november 2024 | olmo 2 32b instruct march 2025
olmo 2 7b instruct november 2024 | olmoe 1b-7b instruct january 2025 | omnibridge | ontorock | oodface | oop | open-ended pitvqa
open-source annotated dataset | open-source llm trustworthiness assessment | openjourney v2 | openthaillm-prebuilt | optiseq | opus dogc | opus ubuntu
opusbooks | opusdgt | opuselhuyar | opuseuconst | opusfinlex | opusfiskmo | opusgnome | opusinfopankki | opusmemat | opusmontenegrinsubs | opusopenoffice
opusparacrawl | opusrf | opustedtalks | opuswikipedia | opusxhosanavy | ort | ovfact | ovrsiss | owl | paligemma mix 224 | paligemma mix 448 | pallm
palmyra vision 003 | palmyra x v2 | palmyra x v3 | palmyra-x-004 | palrace | pandalm | paper index | patched round-trip correctness | pathumma-llm-text-1.0.0
pattr | pclgpt | peft checkpoint format | peft configurations and models | peft docker images | peft integration | peft integrations | peft types
perfcurator | persian ner | persona membenchmark | persona-based empathetic conversational | perturbollava | pg-ce | phishoracle | phogpt 7b5 | phylolm
pile-10k | pisa | poleval2019mt | poll | pos-tagged lexicon for kurdish | priortransformer | prism (prompt template stealing benchmark) | proclare
project mpg | promptshield | propinfer | prosa | pvep | pyast | q-resafe | qasper-cut | qazre | qdqbert | qedamara | quyen mini | quyen plus | quyen pro
quyen pro max | quyen se | qwen3 235b a22b fp8 throughput | qwen3 235b a22b instruct 2507 fp8 | qwen3 235b a22b thinking 2507 | qwen3-next 80b a3b thinking
rabbi | rag-check | rationalized english-french semantic divergences | rci | rdmm | reasoningbg | reddit | redpajama-incite-base-v1 | redpajama-incite-chat-v1
redpajama-incite-instruct-v1 | redrft | redshift diffusion | reducing memory usage | refchecker | regminer4apr | reka-core-20240415 | reka-core-20240501
reka-edge-20240208 | reka-flash-20240226 | rendezvous | review-driven multi-label music style classification | reward functions | rinas | riverecho | rlpt
ro-sts-parallel | roman urdu dataset | rosent | rt-detr-resnet | rtl-breaker | rtlcoder | sabiazinho 3 | safe stable diffusion max
safe stable diffusion strong | safe stable diffusion weak | safe-embed | safecode | safety-j | salamander | sanskritclassic | scalingfilter | scbmtenth2020
scdp | scdrugmap | scene | scientificpapers | scionlight | score | scoresdeve | scripts utilities | sear | selective alpaca | self-execution | self-score
sensefi | sentence-bench | sepedi ner corpus | sesotho ner corpus | setswana ner corpus | sharcmodified | sieve | silencer | silk road
simple cooccurrence bias | simple model 1 | siswati ner corpus | sit | slice | smartdata | smi | so stacksample | sofcmaterialsarticles | sok
speech encoder decoder | speech-ifeval | speech2text2 | speechlmscore | speeding up training | spnasnet | squad-completion | squadv1pt | ss-laws | ssd
ssd-llm | stable diffusion pipelines | stablelm-base-alpha | stack exchange | steinersql | stsb multi mt | stylechangedetection | subspec | super-tuning
suql | suv | swahili | swedish machine translated sts-b | swedish ner corpus | swedish reviews | synagent-rag | syndy | synthesis step by step
synthetic textbook forget sets | synthio | sysnoise | tamilmixsentiment | taqyim | task-name | tedhrlr | tediwlst2013 | tedmulti | teenytinyllama 460m pt-br
telcolm | teler | telugubooks | telugunews | tempsamp-r1 | tepenfapara | terminator | text-based np enrichment | text-similarity-ada-001
text-similarity-babbage-001 | text-similarity-curie-001 | text-similarity-davinci-001 | text2facegan | textnet | tf-dcon | tfhe-coder | thames
the combined corpus | time series and text explanation generator | timeshift | timmbackbone | toter | trainable tokens | transformer | transformer2dmodel
translation tasks | translaw | triviaqa-rc | tsgym | ttpa | tts-uniform | tucano pt-br 2b4 | turk | turk-lettucedetect | turkish product reviews
turkishmoviesentiment | turkishner | turkishshrinkedner | twi text c3 | twinprompt | typhoon 1.5x | typhoon v1.5 | umc005 english-urdu | unga | unigen
unitxt | unscramble | uq | ura-llama 2 | ura-llama 2.1 | usage stats collection | uvlm | vaida | vcrl | veriscore | vflair-llm | video-chatgpt | videoa11y
vidtfs | vietcuna | vintedois | vision encoder decoder | vision-language dataset distillation | visual-c3 | vlm-c4l | vlsr | vts | vygotsky distance
wattsonai | wav2vec2phoneme | wiki-dpr | wikisnippets | wikisource | wmt t2t | wordsim-353 in yorùbá (yorubawordsim353) | xedenglishfinnish | xlm-prophetnet
xrag (examining the core | xsum hallucination annotations | yahooanswersqa | yinyangalign | yoruba gv ner corpus | yorùbá text c3 | yorùbá wordsim-353
youtube caption corrections | zerog | zéroe
"""
"""Rows, or names made of rows, that are no names or not of the type given, in lower case."""


class Name(NamedTuple):
    """A meaning of a name, and who holds it."""

    type: str
    name: str
    long: str
    others: frozenset[str]
    sources: frozenset[str]


class Said(NamedTuple):
    """What a table says that a row means."""

    name: str
    long: str
    others: frozenset[str]


def table(text: str) -> dict[tuple[str, str], Said]:
    """Return what a table says, by row and source ("" where any)."""
    rows: dict[tuple[str, str], Said] = {}
    for entry in filter(None, (e.strip() for e in re.split(r"[;\n]", text))):
        left, _, right = entry.partition(" = ")
        spelled, *others = (right or left).split(" | ")
        name, _, long = spelled.removesuffix(")").partition(" (")
        for row in left.split(", "):
            key, _, source = row.partition(" @")
            if rows.setdefault((key.casefold(), source), said := Said(name, long, frozenset(others))) != said:
                raise SystemExit(f"the tables say two things of {row!r}")
    return rows


TABLES = {"metric": table(METRICS), "task": table(TASKS), "method": table(METHODS), "dataset": table(DATASETS)}
NO_NAMES = frozenset(re.split(r" \| |\n", DROPPED.strip()))


def clean(text: str) -> str:
    """Return a name as text holds it: one kind of quotes and hyphens, no ligatures, invisible characters or pictures."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”‐‑–—−", "''\"\"-----"))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "So", "Sk"))
    return re.sub(r"\s+([:,)])|(?<=\()\s+", r"\1", " ".join(text.split())).strip(" ,;.")


# -- short and long forms ----------------------------------------------------------------------------------------------------------

_SMALL = frozenset(["a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "towards", "using", "via", "with"])
_COUNTED = re.compile(r"([A-Za-z])([2-9])")
_ARTICLE = re.compile(r"^(?:an?|the)\s+", re.IGNORECASE)
_PIECE = r"(?:(?!An|As|At|By|Do|If|In|Is|It|My|No|Of|On|Or|So|To|Up|Us|We)[A-Z][a-z])"
_BROKEN = re.compile(rf"[=;|]|\b(?:[B-HJ-Z]|V\d.*|{_PIECE})$|(?<!')\b(?:[a-zB-Z]|{_PIECE})\s|\ban$")
"""What shows that the blanks of a long form are in the wrong places, or its end is missing."""


def initials(long: str) -> str:
    """Return the first letters of all words but ``of``, ``for`` and the like."""
    return "".join(w[0] for w in re.findall(r"[^\W_]+", long) if w.casefold() not in _SMALL).casefold()


def stands_for(short: str, long: str) -> bool:
    """Tell whether the letters of `short` are those of `long`, in order and the first one first; a number is the same, or counts letters (``C4``)."""
    numbers, own = version(normal_form(long, "")), version(normal_form(short, ""))
    if numbers not in ((), own) or len(long) <= len(short) or not re.search(r"\w[\s,-]+\w", long):
        return False
    counted = _COUNTED.sub(lambda m: m[1] * int(m[2]), short)
    spelled = {counted} - {short} if numbers != own else {short, counted}
    return any(initials(long) == s.casefold() or (start := long_form_start(s, long)) == 0 or _doubled(long, start) for s in spelled)


def _doubled(long: str, start: int | None) -> bool:
    """Tell whether all that stands before `start` is a word with the letter that stands there: ``PLUE``, Privacy Policy Language …"""
    return bool(start and long[0].casefold() == long[start].casefold() and " " not in long[:start].strip())


def expansion(short: str, long: str) -> str:
    """Return `long` as the long form of `short`, without its article and, if need be, what it is for; "" where it is none."""
    long = re.sub(r"- (?=[A-Z])", "-", _ARTICLE.sub("", long.strip(" .:-"), count=1))
    if len(short) < 3 or _BROKEN.search(long) or normal_form(long, "dataset").startswith(normal_form(short, "dataset")):
        return ""
    return next((c for c in (long, long.partition(" for ")[0]) if len(c) < 100 and stands_for(short, c)), "")


def alike(one: str, other: str) -> bool:
    """Tell whether two long forms of one short form are one meaning: the first of their words is the same, and most of the others."""
    a, b = ([w[:5].casefold() for w in re.findall(r"[^\W_]+", x.replace("QA", "Question Answering")) if w not in _SMALL] for x in (one, other))
    return a[0] == b[0] and len({*a} & {*b}) >= 0.6 * len({*a, *b})


# -- names of data sets and benchmarks -------------------------------------------------------------------------------------------

_SUBTITLE = re.compile(r"(?:an?|the|towards|benchmarking|evaluating|exploring|measuring|assessing|studying|improved|investigating)\s", re.IGNORECASE)
_HEAD = re.compile(r"(?<=\S)\s+(?:data\s?set|corpus|benchmark|challenge)$", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"\b(?:data\s?sets?|benchmarks?|corpora|tasks?|framework|evaluation|metrics?|models?|detection|classification|tests?|systems?|learning)$", re.IGNORECASE
)
_TASK = re.compile(
    r"(?:HardNegatives|Lite|\.[vV]\d)*(?:(?:[ITVA]{1,3}2[ITVA]{1,3})?"
    r"(?:Retrieval|Clustering(?:P2P|S2S)?|Reranking|ZeroShot|(?:Pair)?Classification|BitextMining|Video(?:Audio)?CentricQA))?(?:-VN|-PL|-NL|-Fa)?$"
)
"""What MTEB appends to the name of the data that it makes a task of."""


def repaired(name: str) -> str:
    """Return a name without the blanks that small capitals and kerning leave in the text of a PDF: ``AIR-B ENCH`` → ``AIR-Bench``, ``BEA VER`` → ``BEAVER``."""
    name = re.sub(r"(?<=A) (?=V(?:[A-Z]|\b))|(?<=\bV) (?=A)|(?<=[-/]) | (?=-)", "", name)
    name = re.sub(r"(?<=-)([A-Z]) (?=[A-Z]{2})|^([B-Z]) (?=[A-Z]{2})", lambda m: m[1] or m[2], name)
    name = re.sub(r"B ?ENCH\b", "BENCH", name)
    words = name.split()
    if len(words) > 1 and all(re.fullmatch(r"[A-Z][A-Z-]*\d*", w) for w in words):
        words = ["-".join(p if len(p) < 4 else p.capitalize() for p in w.split("-")) for w in words]
        name = ("" if len(words) == 2 or words[-1] == "Bench" else " ").join(words)
    return re.sub(r"BENCH\b", "Bench", name)


def taken_apart(name: str) -> tuple[str, str]:
    """Return the short and the long form in a name, ``ARC (Abstraction and Reasoning Corpus)`` or ``… Evaluation (PLUE) benchmark``; "" where there is none."""
    if match := re.fullmatch(r"([^()]+?) ?\(([^()]+)\) ?([^()]*)", name):
        before, inside, after = match.groups()
        if long := expansion(before, inside):
            return before, long
        if is_short_form(inside):
            whole = before if after.startswith("-") else f"{before} {after}".strip()
            long = expansion(inside, whole) or expansion(inside, before)
            return (inside, long) if long else ("", "")
        return ("", "") if after else (before, "")
    first, colon, subtitle = name.partition(":")
    if colon:
        first = _HEAD.sub("", first).strip()
        return ("", "") if " " in first else (first, expansion(first, subtitle))
    return name.partition(" (")[0], ""


def data_name(text: str, aliases: Iterable[str], permissive: bool) -> tuple[str, str]:
    """Return the name of a data set or benchmark and its long form, ("", "") where the row names none.

    `permissive`: no source under another licence can have brought the aliases in.
    """
    name, long = taken_apart(text)
    for alias in aliases:
        if not name or long:
            break
        if is_short_form(alias) and (found := expansion(alias, name)):
            name, long = alias, found
        elif (permissive and " " in alias and not _SUBTITLE.match(alias)) or initials(alias) == name.casefold():
            long = expansion(name, alias)
        elif permissive and normal_form(alias, "dataset") == normal_form(name, "dataset"):
            name = min(alias, name, key=lambda n: (n.isupper(), n.count(" "), n))
    if long or is_short(_HEAD.sub("", name)):
        name = _HEAD.sub("", name)
    shorter = without_size(name)
    if shorter != name and (len(shorter) < 5 or not is_short(shorter)):
        return "", ""  # what is left of Products-10K says nothing
    return (shorter, long) if sounds(shorter, bool(long)) else ("", "")


def sounds(name: str, expanded: bool) -> bool:
    """Tell whether a data set or benchmark may be called so: a coined word, or a few that are all capitalised and do not just describe it."""
    words = name.split()
    if not 2 <= len(name) <= 60 or not re.search(r"[A-Z]", name) or not re.fullmatch(r"(?:(?!_)[\w &+'./*!?@#∞:-])+", name):
        return False
    if re.search(r"[^\W\d_A-Za-zÀ-žΑ-ω]|\.sc\b|^N/A$|(?:^|\s)(?:and|&)\s|\b[b-hj-zB-HJ-UW-Z]\s", name):
        return False
    if expanded or len(words) == 1:
        return expanded or is_short(name) or len(name) > 3
    capitals = all(w[0].isupper() or w[0].isdigit() for w in words if w.casefold() not in _SMALL)
    return capitals and len(words) <= 4 and not _SUBTITLE.match(name) and not _DESCRIBED.search(name)


def data_type(name: str, group: list[Name]) -> str:
    """Return ``benchmark`` where the name says so or a list of benchmarks holds it, ``dataset`` where the name is a corpus's or no such list does."""
    called = f"{name} {group[0].long}"
    sources = frozenset().union(*(n.sources for n in group))
    if "OpenCompass" in sources or re.search(r"bench|eval|glue|nlu\b|arena|leaderboard|exam", called, re.IGNORECASE):
        return "benchmark"
    if re.search(r"corpus|corpora|crawl|\bpile\b|wikipedia|treebank|libri|(?:wiki|web)text|books\b", called, re.IGNORECASE):
        return "dataset"
    return "benchmark" if "BenchmarkCards" in sources or any(n.type == "benchmark" for n in group) else "dataset"


# -- names of methods ------------------------------------------------------------------------------------------------------------

_LIBRARY = re.compile(
    r"_|(?:Model|ForCausalLM|ForConditionalGeneration|Encoder|Decoder|Backbone|Wrapper|Callback|Warning|Scheduler|Loss|Optimizer|Scaler|QFormer|Discrete|Multistep|Inverse"
    r"|VisionTransformer|PreLayerNorm|Vision|Audio|Text|Inpaint|UNet|ControlNetUnion|Hybrid|M[oO][eE]|Dense|Integrations?)$"
    r"|Transformer\dD|^(?:AutoencoderKL|Autoencoder[ORS]|AutoModel|AutoPeft)| \+ | for | with "
)
_QUALIFIED = re.compile(
    r"(?:\s*-\s*|\s+)(?:on Amazon Bedrock|Instruct(?: Turbo| Lite)?|Chat|Base|Beta|Preview|FP8|v0\.\d|\d+(?:\.\d+)?B|A\d+B)$|^\((?:Legacy|Gluon|Tensorflow)\) ",
    re.IGNORECASE,
)


def method_name(text: str) -> str:
    """Return the name of a method as papers spell it, "" where the row is a class or page of a library."""
    if _LIBRARY.search(text):
        return ""
    name = text
    while (shorter := _QUALIFIED.sub("", name)) != name:
        name = shorter
    name = re.sub(r"^Llama ?(?=[\d-])", "LLaMA-", without_size(name))
    return name if len(name) > 1 and re.search(r"[A-Z\d]", name) else ""


def lowered(long: str) -> str:
    """Return a long form in lower case, but for words that are written with capitals inside."""
    return " ".join(w.lower() if re.fullmatch(r"[A-Z][a-z]+(?:-[A-Z]?[a-z]+)*", w) else w for w in long.split())


# -- rows to names ---------------------------------------------------------------------------------------------------------------


def said(kind: str, text: str, source: str) -> tuple[str, Said] | None:
    """Return what the tables say of a row of this family and source, after the family: a library's metric, or a task, may be a method."""
    texts = [text, _TASK.sub("", text)] if source == "MTEB" else [text]
    for k in (kind,) if kind in ("method", "dataset") else (kind, "method"):
        for key in ((t.casefold(), s) for t in texts for s in (source, "")):
            if key in TABLES[k]:
                return k, TABLES[k][key]
    return None


def names_of(row: dict[str, Any]) -> Iterator[Name]:
    """Yield the names that a row's permissively licensed sources hold: what the tables say, by rule for the rest."""
    sources = [s for s in row["sources"] if s in LICENCES]
    kind, text = family(row["type"]), clean(row["name"])
    told = {source: answer for source in sources if (answer := said(kind, text, source))}
    for means, target in sorted(set(told.values())):
        holders = frozenset(source for source, answer in told.items() if answer == (means, target))
        yield Name(row["type"] if means == kind else means, target.name, target.long, target.others, holders)
    rest = frozenset(sources) - told.keys()
    if not rest - LISTED or text.casefold() in NO_NAMES:
        return
    name, long, others = "", "", frozenset[str]()
    if kind == "method":
        name = method_name(text)
        long = next((lowered(found) for a in row["aliases"] if (found := expansion(name, clean(a)))), "")
        if match := re.fullmatch(r"Claude (4(?:\.\d)?) (Haiku|Sonnet|Opus)", name):
            name, others = f"Claude {match[2]} {match[1]}", frozenset([name])
    elif rest == {"lm-evaluation-harness"} and text.islower():
        name = text  # a task's id: that source holds what has this normal form
    elif kind == "dataset":
        fixed = repaired if "BenchmarkCards" in rest else str
        before, bracket, after = text.partition(" (")
        after = re.sub(r"(?<=A) (?=V[A-Z])", "", re.sub(r" ?Bench mark", " Benchmark", after))
        name, long = data_name(fixed(before) + bracket + after, [fixed(clean(a)) for a in row["aliases"]], len(sources) == len(row["sources"]))
    if name and name.casefold() not in NO_NAMES:
        yield Name(row["type"], name, long, others, rest)


# -- one row a meaning -----------------------------------------------------------------------------------------------------------


def spelling(names: Iterable[Name], kind: str) -> str:
    """Return the best spelling: the tables' own, then mixed case before capitals before lower case, then that of most sources."""
    own = {said.name for said in TABLES[kind].values()}
    votes: Counter[str] = Counter()
    for n in names:
        votes[n.name] += len(n.sources)
    return min(votes, key=lambda n: (n not in own, n.islower(), n.isupper() and len(n) > 5, -votes[n], " " in n, n))


def meanings(names: list[Name], kind: str) -> Iterator[Name]:
    """Yield the meanings of names that share a normal form: one a long form, and one of those without where they may mean another thing."""
    name = spelling(names, kind)
    spelled_out = {said[:2] for said in TABLES[kind].values()}
    senses: list[list[Name]] = []
    for n in sorted((n for n in names if n.long), key=lambda n: ((name, n.long) not in spelled_out, -len(n.sources), n.long)):
        same = next((s for s in senses if alike(s[0].long, n.long)), None)
        if same:
            same.append(n)
        else:
            senses.append([n])
    bare = [n for n in names if not n.long]
    sure = len(re.sub(r"[\W_]", "", name)) > 6  # too long a name for two things to bear it
    if bare and len(senses) == 1 and (sure or (name, senses[0][0].long) in spelled_out):
        senses[0] += bare
    elif bare and len(senses) < 2:
        senses.append(bare)
    for group in senses:
        type_ = data_type(name, group) if kind == "dataset" else kind
        yield Name(type_, name, group[0].long, frozenset().union(*(n.others for n in group)), frozenset().union(*(n.sources for n in group)))


def compiled(rows: Iterable[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return the lines of the list, sorted."""
    forms: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for row in rows:
        for n in names_of(row):
            kind = family(n.type)
            forms[kind, normal_form(n.name, kind)].append(n)
    found = {(kind, form, i): n for (kind, form), names in forms.items() for i, n in enumerate(meanings(names, kind))}
    spelled_out: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for place, n in found.items():
        if n.long:
            spelled_out[place[0], normal_form(n.long, place[0])].append(place)
    for (kind, form), places in spelled_out.items():
        alone = found.get((kind, form, 0))
        if len(places) == 1 and places[0][1] != form and alone and not alone.long and (kind, form, 1) not in found:
            found[places[0]] = found[places[0]]._replace(sources=found[places[0]].sources | alone.sources)
            del found[kind, form, 0]  # a row of its own for the long form of one other name
    lines = []
    for (kind, form, _), n in found.items():
        if n.name.islower() and n.sources == {"lm-evaluation-harness"}:
            continue
        others = {o for o in n.others if normal_form(o, kind) not in (form, normal_form(n.long, kind)) and (kind, normal_form(o, kind), 0) not in found}
        licences = {LICENCES[s] for s in n.sources}
        lines.append((kind, n.type, n.name, n.long, *("|".join(sorted(x)) for x in (others, n.sources, licences))))
    return sorted(lines, key=lambda line: (line[0], line[2].casefold(), line[2:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    with gzip.open(options.names, "rt", encoding="utf-8") as rows:
        lines = compiled(json.loads(row) for row in rows)
    options.output.write_text("".join("\t".join(line) + "\n" for line in [HEADER, *lines]), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
